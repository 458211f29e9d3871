#include "tests/crash/crawl_on_sockets.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "storage/check.hpp"
#include "storage/graph/edges.hpp"
#include "storage/graph/repository.hpp"
#include "storage/rocks/open.hpp"
#include "tests/support/expect_same.hpp"

namespace tidemark::test {

namespace json = boost::json;
namespace graph = storage::graph;

namespace {

constexpr const char* seed_login = "dev000000";
constexpr const char* operator_login = "dev000003";
constexpr const char* token = "ghp_0perat0r5t0ken";

std::vector<std::string> with_operator(std::vector<std::string> arguments, bool with_token) {
  if (with_token) {
    arguments.insert(arguments.end(),
                     {"--github-token", fmt::format("{}:{}", operator_login, token)});
  }
  return arguments;
}

std::uint64_t number(const json::object& row, std::string_view key) {
  return row.at(key).to_number<std::uint64_t>();
}

std::string text(const json::object& row, std::string_view key) {
  return std::string(row.at(key).as_string());
}

template <class Take>
void each_line(const std::string& lines, const Take& take) {
  std::istringstream stream(lines);
  for (std::string line; std::getline(stream, line);) take(json::parse(line).as_object());
}

// What a list has to hold: by account, in both directions.
struct Lists {
  using Ids = std::set<std::uint64_t>;
  explicit Lists(const KnownGraph& truth) {
    for (const auto& [from, to] : truth.follows) {
      following[from].insert(to);
      followers[to].insert(from);
    }
    for (const auto& [owner, id] : truth.repositories) repositories[owner].insert(id);
  }
  [[nodiscard]] Ids of(std::uint64_t user, graph::List list) {
    if (list == graph::List::followers) return followers[user];
    return list == graph::List::following ? following[user] : repositories[user];
  }
  std::map<std::uint64_t, Ids> followers, following, repositories;
};

Lists::Ids stored(const storage::Reader& reader, std::uint64_t user, graph::List list) {
  Lists::Ids ids;
  const auto each = [&](std::uint64_t id) { return ids.insert(id).second || true; };
  const auto each_repository = [&](const graph::Repository& repository) {
    return repository.gone_ms != 0 || each(repository.id);
  };
  if (list == graph::List::repositories) {
    graph::scan_repositories_of(reader, user, std::nullopt, each_repository);
    return ids;
  }
  const auto direction =
      list == graph::List::followers ? graph::Direction::incoming : graph::Direction::outgoing;
  graph::scan_neighbours(reader, graph::EdgeKind::follows, direction, user, std::nullopt, each);
  return ids;
}

}  // namespace

void expect_same(const KnownGraph& found, const KnownGraph& truth) {
  using Users = std::set<std::pair<std::uint64_t, std::string>>;
  expect_same(Users(found.users.begin(), found.users.end()),
              Users(truth.users.begin(), truth.users.end()), "users");
  expect_same(found.follows, truth.follows, "edges");
  expect_same(found.repositories, truth.repositories, "repositories");
}

CrawlOnSockets::CrawlOnSockets(std::vector<std::string> arguments, bool with_token)
    : simulator(with_operator(std::move(arguments), with_token)), with_token_(with_token) {}

void CrawlOnSockets::plant_oddities(std::uint64_t celebrity_followers) const {
  std::string list;
  int account = 10;
  for (const char* kind : {"renamed", "taken", "deleted", "suspended", "organization", "bot",
                           "self_loop", "nothing", "mixed_case", "legacy_id"}) {
    list += fmt::format(R"({{"kind":"{}","login":"dev{:06}"}},)", kind, account++);
  }
  list += fmt::format(R"({{"kind":"celebrity","login":"dev{:06}","amount":{}}})", account,
                      celebrity_followers);
  (void)simulator.admin("POST", "/graph", R"({"oddity":[)" + list + "]}");
}

std::vector<std::string> CrawlOnSockets::settings() const {
  std::vector<std::string> all = simulator.settings();
  all.insert(all.end(), {"discovery.depth=100", "quota.crawl_share=1", "quota.crawl_reserve=0"});
  if (!with_token_) return all;
  const auto file = folder.write("github-token", std::string(token) + "\n");
  std::filesystem::permissions(file, std::filesystem::perms(0600));
  all.push_back("github.token_file=" + file);
  return all;
}

void CrawlOnSockets::name_seed() const {
  const auto named = folder.run({"discover", seed_login});
  if (named.code != 0) throw std::runtime_error("discover failed: " + named.errors);
}

std::string CrawlOnSockets::state() const {
  const HttpAnswer answer = ask(folder.file("control.sock"), "GET", "/v1/jobs?kind=discovery");
  const json::array& jobs = answer.json.at("jobs").as_array();
  return jobs.empty() ? "none" : text(jobs.at(0).as_object(), "state");
}

std::string CrawlOnSockets::wait(ServingDaemon& daemon, std::chrono::seconds limit) const {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (true) {
    std::string now = state();
    (void)daemon.process.errors();  // keeps its pipe from filling up
    if (now == "done" || now == "dead" || std::chrono::steady_clock::now() > until) return now;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

KnownGraph CrawlOnSockets::truth() const {
  const std::string address = text(simulator.greeting(), "admin");
  const auto target = fmt::format("/graph?seeds={}&organizations=true&format=ndjson", seed_login);
  const HttpAnswer answer = ask(address.substr(address.find("//") + 2), "GET", target);
  if (answer.status != 200) throw std::runtime_error(target + " failed: " + answer.body);
  KnownGraph known;
  each_line(answer.body, [&](const json::object& row) {
    if (row.contains("login")) {
      known.users[number(row, "user")] = text(row, "login");
    } else if (row.contains("from")) {
      known.follows.insert({number(row, "from"), number(row, "to")});
    } else if (row.contains("owner")) {
      known.repositories.insert({number(row, "owner"), number(row, "repository")});
    }
  });
  return known;
}

KnownGraph CrawlOnSockets::exported() const {
  const auto file = folder.file("export.ndjson");
  const auto done = folder.run({"graph", "export", "--format", "ndjson", "--output", file});
  if (done.code != 0) throw std::runtime_error("graph export failed: " + done.errors);
  KnownGraph known;
  each_line(folder.read("export.ndjson"), [&](const json::object& row) {
    const std::string type = text(row, "type");
    if (type == "user" && text(row, "presence") == "here") {
      known.users[number(row, "id")] = text(row, "login");
    } else if (type == "follows") {
      known.follows.insert({number(row, "from"), number(row, "to")});
    } else if (type == "repository") {
      known.repositories.insert({number(row, "owner_github_id"), number(row, "id")});
    }
  });
  std::filesystem::remove(file);
  return known;
}

Spent CrawlOnSockets::spent() const {
  Spent spent{simulator.totals("graphql"), simulator.totals("core")};
  const auto ledger = simulator.admin("GET", "/ledger");
  for (const json::value& owner : ledger.at("github").at("owners").as_array()) {
    spent.pages_repeated += number(owner.as_object(), "pages_repeated");
  }
  return spent;
}

std::vector<std::string> CrawlOnSockets::problems(const KnownGraph& truth,
                                                  std::size_t& complete) const {
  Lists lists(truth);
  std::vector<std::string> found;
  const auto engine = storage::open_rocks(folder.file("store"), {});
  engine->read([&](const storage::Reader& reader) {
    found = storage::check_store(reader).problems;
    const auto each = [&](const graph::User& user, const graph::UserPosition&) {
      for (const graph::List list :
           {graph::List::followers, graph::List::following, graph::List::repositories}) {
        if (user.list(list).state != graph::ListState::complete) continue;
        ++complete;
        const auto there = lists.of(user.id, list);
        if (stored(reader, user.id, list) == there) continue;
        found.push_back(fmt::format("list {} of {} is called complete: it holds {} of {}",
                                    static_cast<int>(list), user.login,
                                    stored(reader, user.id, list).size(), there.size()));
      }
      return true;
    };
    graph::scan_users(reader, graph::UserOrder::id, std::nullopt, "", each);
  });
  return found;
}

}  // namespace tidemark::test
