// Discovery against its aims: edges stored and their bytes, the daemon over a large graph, and the
// crawl of one.
// usage: bench_graph [--nightly] [--edges FILE --logins FILE] [--only crawl|1m|10m|100m|…m]
// [--json]
#include <fmt/format.h>

#include <fstream>
#include <optional>
#include <stdexcept>

#include "tests/bench/graph_accounts.hpp"
#include "tests/bench/graph_crawl.hpp"
#include "tests/bench/graph_daemon.hpp"
#include "tests/bench/graph_figures.hpp"
#include "tests/bench/graph_load.hpp"
#include "tests/bench/graph_postgres.hpp"
#include "tests/bench/graph_store.hpp"

namespace tidemark::bench {

namespace {

// Of edges.
constexpr std::uint64_t million = 1'000'000;
const std::vector<std::uint64_t> sizes = {million, 10 * million}, nightly_sizes = {100 * million};
// Larger ones take longer than an answer is worth that no aim depends on.
constexpr std::uint64_t one_way_most = 10 * million;

constexpr const char* crawl = "crawl";

std::string name_of(std::uint64_t size) { return std::to_string(size / million) + "m"; }

// "30m" is thirty million; 0: it is no size.
std::uint64_t size_named(const std::string& name) {
  const bool digits = name.size() > 1 && name.size() < 5 && name.front() != '0' &&
                      name.find_first_not_of("0123456789") == name.size() - 1;
  return digits && name.back() == 'm' ? std::stoull(name) * million : 0;
}

struct Options {
  bool json = false, nightly = false;
  CrawlFiles files;
  std::string only;
};

class Bench {
 public:
  explicit Bench(Options options) : options_(std::move(options)) {}

  bool run() {
    measure_sizes();
    if (options_.only.empty() || options_.only == crawl) show(measure_crawl(options_.files));
    return reached_;
  }

 private:
  void show(const std::vector<Measure>& measures) {
    reached_ = print(measures, options_.json) && reached_;
    seen_.insert(seen_.end(), measures.begin(), measures.end());
  }
  // A baseline that is not there is a failure that does not stop the others.
  template <class Part>
  auto with_baseline(const std::string& what, Part part) -> decltype(part()) {
    try {
      return part();
    } catch (const std::runtime_error& error) {
      fmt::print(stderr, "bench graph: not compared with {}: {}\n", what, error.what());
      reached_ = false;
      return {};
    }
  }

  [[nodiscard]] std::vector<std::uint64_t> wanted_sizes() const {
    const std::uint64_t size = size_named(options_.only);
    if (size > 0) return {size};
    if (!options_.only.empty()) return {};
    auto all = sizes;
    if (options_.nightly) all.insert(all.end(), nightly_sizes.begin(), nightly_sizes.end());
    return all;
  }

  void measure_sizes() {
    std::vector<Measure> smaller;
    std::string smaller_name;
    for (const std::uint64_t size : wanted_sizes()) {
      seen_.clear();
      measure_size(size);
      const std::vector<Measure> larger = seen_;
      show(growth(smaller, smaller_name, larger, name_of(size)));
      smaller = larger;
      smaller_name = name_of(size);
    }
  }

  void measure_size(const std::uint64_t size) {
    const std::string name = name_of(size);
    const test::DaemonFolder folder;
    const auto server =
        with_baseline("PostgreSQL", [] { return std::make_unique<PostgresServer>(); });
    std::optional<PostgresEdges> one_way, both_ways;
    std::vector<Rival> rivals;
    const auto add_rival = [&](const std::string& table, std::optional<PostgresEdges>& edges,
                               bool both) {
      edges.emplace(*server, table, both);
      rivals.push_back({table,
                        [&](const EdgeBatches& batches) { return edges->seconds_for(batches); },
                        [&] { return edges->bytes(); }, both});
    };
    if (server) {
      if (size <= one_way_most) add_rival("postgres_one_way", one_way, false);
      add_rival("postgres_both_ways", both_ways, true);
    }
    show(measures_of(measure_graph_store(size, folder.path(), rivals), name));

    const GraphAccounts accounts = accounts_of(size);
    put_accounts(accounts, folder.file("store"));
    GraphSite site{folder, accounts, name, ""};
    std::unique_ptr<FlaskServer> flask;
    if (server) {
      if (one_way) one_way->drop();
      put_accounts(both_ways->connection(), "postgres_both_ways");
      flask = with_baseline("Flask", [&] {
        return std::make_unique<FlaskServer>(server->connection(), "postgres_both_ways");
      });
      if (flask) site.flask_port = flask->port();
    }
    show({measure_start(site)});
    show(measure_answers(site));
  }

  Options options_;
  bool reached_ = true;
  std::vector<Measure> seen_;
};

// The first login of the file, and how many there are.
void look_at_logins(CrawlFiles& files) {
  std::ifstream lines(files.logins);
  std::string line;
  std::getline(lines, line);  // its heading
  while (std::getline(lines, line)) {
    if (++files.users > 1) continue;
    const auto comma = line.find(',');
    if (comma == std::string::npos) break;
    files.seed = line.substr(comma + 1, line.find_first_of(",\r", comma + 1) - comma - 1);
    std::erase(files.seed, '"');
  }
  if (files.seed.empty()) {
    throw std::runtime_error(files.logins + ": expected lines of id,name below a heading");
  }
}

Options options_of(const Words& words) {
  Options options;
  options.json = words.json;
  const auto& others = words.others;
  for (std::size_t at = 0; at < others.size(); ++at) {
    const bool has_value = at + 1 < others.size();
    if (others[at] == "--nightly") {
      options.nightly = true;
    } else if (others[at] == "--edges" && has_value) {
      options.files.edges = others[++at];
    } else if (others[at] == "--logins" && has_value) {
      options.files.logins = others[++at];
    } else if (others[at] == "--only" && has_value &&
               (others[at + 1] == crawl || size_named(others[at + 1]) > 0)) {
      options.only = others[++at];
    } else {
      throw std::runtime_error("what is \"" + others[at] +
                               "\"? Words are --nightly, --edges FILE --logins FILE, --only "
                               "crawl|1m|10m|100m|…m, --json");
    }
  }
  if (options.files.edges.empty() != options.files.logins.empty()) {
    throw std::runtime_error("--edges and --logins go together");
  }
  if (options.files.logins.empty()) {
    options.files.seed = "dev000000";
  } else {
    look_at_logins(options.files);
  }
  return options;
}

}  // namespace

}  // namespace tidemark::bench

int main(int count, char** arguments) {
  using namespace tidemark::bench;  // NOLINT: its main
  try {
    for (const char* name :
         {"http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"}) {
      ::unsetenv(name);
    }
    return Bench(options_of(words_of(count, arguments, 8))).run() ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench graph: {}\n", error.what());
    return 2;
  }
}
