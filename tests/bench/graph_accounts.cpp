#include "tests/bench/graph_accounts.hpp"

#include <algorithm>
#include <random>
#include <span>

#include "storage/graph/user.hpp"
#include "storage/rocks/open.hpp"
#include "tests/bench/graph_edges.hpp"

namespace tidemark::bench {

namespace {

namespace graph = storage::graph;

constexpr std::int64_t second_of_2020 = 1'577'836'800;
constexpr std::uint64_t popular_most = 100'000, page_rows = 30;

graph::User account(std::uint64_t number) {
  constexpr std::int64_t read_ms = 1'000 * (second_of_2020 + 100'000'000);
  const std::string digits = std::to_string(number);
  graph::User user;
  user.id = number;
  user.login = account_login(number);
  user.node_id = "U_" + digits;
  user.depth = 3;
  user.first_seen_ms = user.last_seen_ms = user.read_ms = read_ms;
  user.profile.name = "Developer " + digits;
  if (number % 2 == 0) user.profile.location = "Oslo, Norway";
  if (number % 3 == 0)
    user.profile.bio = "Writes programs that other people can read, no. " + digits;
  if (number % 5 == 0) user.profile.company = "@company-" + std::to_string(number % 1'000);
  user.profile.created_s = second_of_2020 - static_cast<std::int64_t>(number);
  user.profile.updated_s = second_of_2020 + static_cast<std::int64_t>(number % 1'000'000);
  user.profile.followers = number % 97;
  user.profile.following = number % 31;
  user.profile.public_repos = number % 53;
  user.profile.public_gists = number % 7;
  for (const auto list : {graph::List::followers, graph::List::following}) {
    user.list(list) = {graph::ListState::complete, read_ms, number % 97};
  }
  // Looked at again in a week.
  user.place = graph::Place{3, 0, read_ms + std::int64_t{7} * 86'400'000};
  return user;
}

constexpr const char* users_table = R"(
CREATE TABLE users (
  id bigint PRIMARY KEY, node_id text NOT NULL, login text NOT NULL UNIQUE, kind text NOT NULL,
  presence text NOT NULL, name text, location text, bio text, company text, email text,
  created_at timestamptz, updated_at timestamptz, followers_count bigint, following_count bigint,
  public_gists bigint, public_repos bigint, depth int, read_at timestamptz))";

constexpr const char* users_rows = R"(
SELECT id, 'U_' || id, 'dev' || id, 'user', 'here', 'Developer ' || id,
  CASE WHEN id % 2 = 0 THEN 'Oslo, Norway' END,
  CASE WHEN id % 3 = 0 THEN 'Writes programs that other people can read, no. ' || id END,
  CASE WHEN id % 5 = 0 THEN '@company-' || id % 1000 END, NULL,
  to_timestamp(1577836800 - id), to_timestamp(1577836800 + id % 1000000),
  id % 97, id % 31, id % 7, id % 53, 3, to_timestamp(1677836800))";

}  // namespace

std::string account_login(std::uint64_t number) { return "dev" + std::to_string(number); }

GraphAccounts accounts_of(std::uint64_t edges) {
  CrawledEdges crawl(edges);
  std::vector<std::uint32_t> targets, all;
  for (auto batch = crawl.next_batch(); !batch.empty(); batch = crawl.next_batch()) {
    for (const auto& edge : batch) {
      targets.push_back(static_cast<std::uint32_t>(edge.to));
      if (all.empty() || all.back() != edge.from)
        all.push_back(static_cast<std::uint32_t>(edge.from));
    }
  }
  std::sort(targets.begin(), targets.end());
  GraphAccounts accounts;
  for (std::size_t at = 0; at + page_rows <= targets.size(); ++at) {
    if (targets[at] != targets[at + page_rows - 1]) continue;
    if (!accounts.popular.empty() && accounts.popular.back() == targets[at]) continue;
    accounts.popular.push_back(targets[at]);
  }
  targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
  all.insert(all.end(), targets.begin(), targets.end());
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  accounts.numbers.assign(all.begin(), all.end());
  std::mt19937_64 random{3};
  std::shuffle(accounts.popular.begin(), accounts.popular.end(), random);
  if (accounts.popular.size() > popular_most) accounts.popular.resize(popular_most);
  return accounts;
}

void put_accounts(const GraphAccounts& accounts, const std::filesystem::path& store) {
  constexpr std::size_t batch = 2'000;
  const auto engine = storage::open_rocks(store, storage::RocksOptions());
  const std::span<const std::uint64_t> numbers(accounts.numbers);
  for (std::size_t at = 0; at < numbers.size(); at += batch) {
    engine->write([&](storage::Writer& writer) {
      for (const std::uint64_t number : numbers.subspan(at, std::min(batch, numbers.size() - at))) {
        put_user(writer, account(number));
      }
    });
  }
}

void put_accounts(Postgres& postgres, const std::string& table_of_edges) {
  postgres.run(users_table);
  postgres.run(std::string("INSERT INTO users ") + users_rows + " FROM (SELECT source AS id FROM " +
               table_of_edges + " UNION SELECT target FROM " + table_of_edges + ") AS everybody");
  postgres.run("VACUUM ANALYZE users");
  postgres.run("VACUUM ANALYZE " + table_of_edges);
}

}  // namespace tidemark::bench
