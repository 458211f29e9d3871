// Discovery against its aims: edges stored and their bytes, the daemon over a large graph, and the
// crawl of one.
// usage: bench_graph [--nightly] [--edges FILE --logins FILE] [--only crawl|1m|10m|100m] [--json]
#include <fmt/format.h>

#include <fstream>
#include <optional>
#include <set>
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

struct Size {
  std::uint64_t edges = 0;
  std::string name;
  bool nightly = false;
};
const std::vector<Size> sizes = {
    {1'000'000, "1m"}, {10'000'000, "10m"}, {100'000'000, "100m", true}};
const std::set<std::string> parts = {"crawl", "1m", "10m", "100m"};

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
    if (wanted("crawl")) show(measure_crawl(options_.files));
    return reached_;
  }

 private:
  [[nodiscard]] bool wanted(const std::string& part) const {
    return options_.only.empty() || options_.only == part;
  }
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

  void measure_sizes() {
    std::vector<Measure> smaller;
    std::string smaller_name;
    for (const Size& size : sizes) {
      const bool later = size.nightly && !options_.nightly && options_.only.empty();
      if (later || !wanted(size.name)) continue;
      seen_.clear();
      measure_size(size);
      const std::vector<Measure> larger = seen_;
      show(growth(smaller, smaller_name, larger, size.name));
      smaller = larger;
      smaller_name = size.name;
    }
  }

  void measure_size(const Size& size) {
    const test::DaemonFolder folder;
    const auto server =
        with_baseline("PostgreSQL", [] { return std::make_unique<PostgresServer>(); });
    std::optional<PostgresEdges> one_way, both_ways;
    std::vector<Rival> rivals;
    const auto add_rival = [&](const std::string& name, std::optional<PostgresEdges>& edges,
                               bool both) {
      edges.emplace(*server, name, both);
      rivals.push_back({name,
                        [&](const EdgeBatches& batches) { return edges->seconds_for(batches); },
                        [&] { return edges->bytes(); }, both});
    };
    if (server) {
      add_rival("postgres", one_way, false);
      add_rival("postgres_both_ways", both_ways, true);
    }
    show(measures_of(measure_graph_store(size.edges, folder.path(), rivals), size.name));

    const GraphAccounts accounts = accounts_of(size.edges);
    put_accounts(accounts, folder.file("store"));
    GraphSite site{folder, accounts, size.name, ""};
    std::unique_ptr<FlaskServer> flask;
    if (server) {
      one_way->drop();
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

// The first login of the file.
std::string first_login(const std::string& file) {
  std::ifstream lines(file);
  std::string line;
  std::getline(lines, line);
  std::getline(lines, line);
  const auto comma = line.find(',');
  if (comma == std::string::npos) throw std::runtime_error(file + ": no lines of id,name");
  return line.substr(comma + 1, line.find_first_of(",\r", comma + 1) - comma - 1);
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
    } else if (others[at] == "--only" && has_value && parts.contains(others[at + 1])) {
      options.only = others[++at];
    } else {
      throw std::runtime_error(
          "what is \"" + others[at] +
          "\"? Words are --nightly, --edges FILE --logins FILE, --only crawl|1m|10m|100m, --json");
    }
  }
  if (options.files.edges.empty() != options.files.logins.empty()) {
    throw std::runtime_error("--edges and --logins go together");
  }
  options.files.seed =
      options.files.logins.empty() ? "dev000000" : first_login(options.files.logins);
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
