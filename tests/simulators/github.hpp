#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "http/async/clock.hpp"
#include "http/message.hpp"
#include "http/url.hpp"
#include "tests/simulators/faults.hpp"
#include "tests/simulators/github/credentials.hpp"
#include "tests/simulators/github/lists.hpp"
#include "tests/simulators/github/quota.hpp"
#include "tests/simulators/github/sign_in.hpp"
#include "tests/simulators/graphql/query.hpp"
#include "tests/simulators/ledger.hpp"
#include "tests/simulators/world.hpp"

namespace tidemark::simulators {

struct GithubSettings {
  std::string api_url = "https://api.github.test";  // what Link and Location headers begin with
  QuotaSettings quota;
  graphql::PriceRule price;
  bool days_whole = false;  // contributions count by whole days of the account's zone
  bool gzip = true;
  bool enforce_secondary = false;  // refuse above 900 REST or 2,000 GraphQL points a minute
  std::int64_t service_ms = 0;     // how long each answer takes …
  std::int64_t service_ms_per_request = 0;  // … and longer for each connection of a query
  Lists lists;                              // those that were taken away
  // Silently truncates some lists when a query asks the same connection of more parents; 0: never.
  std::uint64_t truncate_parents = 0;
  std::uint64_t truncate_entries = 0;  // so many of each; 0: two fifths
  // GraphQL never shows the last follower of one account in so many, nor counts it; REST does.
  std::uint64_t hide_one_in = 0;     // 0: of nobody
  std::uint64_t deepest_page = 400;  // of accounts' lists in REST: 422 beyond
};

// GitHub's REST, GraphQL and token endpoints over one world, on one thread. Plain and synchronous:
// time is passed in, and the outcome says how long to wait and whether to cut the connection.
class GithubSimulator {
 public:
  GithubSimulator(World& world, GithubSettings settings);
  GithubSimulator(const GithubSimulator&) = delete;
  GithubSimulator& operator=(const GithubSimulator&) = delete;

  Outcome answer(const http::Request& request, async::WallTime now,
                 const std::string& address = "127.0.0.1");

  [[nodiscard]] World& world() { return world_; }
  [[nodiscard]] Ledger& ledger() { return ledger_; }
  [[nodiscard]] FaultPlan& faults() { return faults_; }
  [[nodiscard]] Quota& quota() { return quota_; }
  [[nodiscard]] Credentials& credentials() { return credentials_; }
  [[nodiscard]] GithubSignIn& sign_in() { return sign_in_; }
  [[nodiscard]] GithubSettings& settings() { return settings_; }

 private:
  // One request on its way through.
  struct Step {
    const http::Request& request;
    std::int64_t now_ms;  // ours
    std::int64_t now_s;   // the server's clock
    std::string path;
    http::Form query;
    std::string resource;
    Caller caller;
    std::vector<Fault> faults;
    Asked asked;
    Outcome outcome;
    bool free = false;              // of the primary limit
    std::uint64_t price = 1;        // points
    std::uint64_t requests = 1;     // connections of a query
    GithubToken* issued = nullptr;  // by this answer
  };

  [[nodiscard]] Step begin(const http::Request& request, async::WallTime now,
                           const std::string& address);
  void process(Step& step);
  void finish(Step& step);
  bool refuse_secondary(Step& step);
  void secondary_response(Step& step, const Fault& fault);
  void refuse_primary(Step& step, const QuotaWindow& window);

  void answer_rest(Step& step);
  void answer_graphql(Step& step);
  void run_query(Step& step, const graphql::Query& query, QuotaWindow& window);
  bool time_out(Step& step);
  bool refuse_scopes(Step& step, const graphql::Query& query);

  http::Response rest(Step& step);
  http::Response rest_account(Step& step, const Account* account, std::string_view rest_of_path);
  http::Response rest_all_accounts(Step& step);
  http::Response rest_list(Step& step, const Account& account, std::string_view list);
  http::Response rest_watching(Step& step, const Repository& repository, std::string_view list);
  http::Response rest_repository(Step& step, std::string_view name, std::string_view rest_of_path);
  http::Response rest_commits(Step& step, const Repository& repository);
  http::Response rest_statistics(Step& step, const Repository& repository);
  http::Response rest_rate_limit(Step& step);
  http::Response paged(Step& step, const std::string& by_id_path, boost::json::array all);
  // Makes only what the page shows; nothing: that element is hidden.
  using MakeElement = std::function<std::optional<boost::json::value>(std::size_t)>;
  http::Response paged(Step& step, const std::string& by_id_path, std::size_t total,
                       const MakeElement& make);
  static std::uint64_t query_number(const Step& step, std::string_view name,
                                    std::uint64_t otherwise);
  static std::uint64_t per_page_of(const Step& step);

  World& world_;
  GithubSettings settings_;
  Quota quota_;
  Credentials credentials_;
  GithubSignIn sign_in_;
  FaultPlan faults_;
  Ledger ledger_;
  std::set<std::string> statistics_ready_;  // repository and newest sha: 202 came before
  std::uint64_t timeouts_ = 0;
  std::uint64_t answered_ = 0;
};

// Shared by the routes.
[[nodiscard]] http::Response json_response(unsigned status, const boost::json::value& body);
[[nodiscard]] http::Response message_response(unsigned status, std::string_view message);

}  // namespace tidemark::simulators
