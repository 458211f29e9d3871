#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

#include "tests/simulators/github.hpp"
#include "tests/simulators/github/rest_json.hpp"
#include "tests/simulators/moment.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

json::object signature(const Account& account, std::int64_t at_s) {
  return json::object{{"name", account.name},
                      {"email", account.login + "@example.invalid"},
                      {"date", format_moment(at_s)}};
}

json::object commit_json(const Repository& repository, const Commit& commit,
                         const std::string& api_url) {
  return json::object{
      {"sha", commit.sha},
      {"html_url", "https://github.com/" + repository.full_name() + "/commit/" + commit.sha},
      {"commit", json::object{{"author", signature(*commit.author, commit.authored_s)},
                              {"committer", signature(*commit.author, commit.committed_s)},
                              {"message", commit.headline}}},
      {"author", account_json(*commit.author, api_url)}};
}

http::Response blocked(bool dmca) {
  if (!dmca) return json_response(403, json::object{{"message", "Repository access blocked"}});
  return json_response(
      451, json::object{{"message", "Repository access blocked"},
                        {"block", json::object{{"reason", "dmca"},
                                               {"created_at", "2026-01-01T00:00:00Z"},
                                               {"html_url", "https://github.com/github/dmca"}}}});
}

}  // namespace

http::Response GithubSimulator::rest_repository(Step& step, std::string_view name,
                                                std::string_view rest_of_path) {
  const Repository* repository = world_.find_repository(name);
  bool hidden = repository == nullptr || repository->access == Access::deleted ||
                !repository->owner->visible();
  if (!hidden && repository->is_private) {
    hidden =
        step.caller.token == nullptr || step.caller.token->scopes.find("repo") == std::string::npos;
  }
  for (const Fault& each : step.faults) {
    if (each.kind == FaultKind::hide_repository &&
        (each.repository.empty() || each.repository == name)) {
      hidden = true;
    }
  }
  if (hidden) return message_response(404, "Not Found");
  if (repository->access != Access::open) {
    return blocked(repository->access == Access::blocked_by_dmca);
  }
  if (lower_case(repository->full_name()) != lower_case(name)) {
    std::string where = fmt::format("{}/repositories/{}{}", settings_.api_url,
                                    repository->database_id, rest_of_path);
    http::Response moved =
        json_response(301, json::object{{"message", "Moved Permanently"},
                                        {"url", where},
                                        {"documentation_url", "https://docs.github.com/rest"}});
    moved.headers.set("Location", where);
    return moved;
  }
  if (rest_of_path.empty()) {
    json::object body = repository_json(*repository, settings_.api_url);
    body["subscribers_count"] = repository->watchers;
    body["network_count"] = repository->forks;
    return json_response(200, body);
  }
  if (rest_of_path == "/stargazers" || rest_of_path == "/subscribers") {
    return rest_watching(step, *repository, rest_of_path.substr(1));
  }
  if (rest_of_path == "/commits") return rest_commits(step, *repository);
  if (rest_of_path == "/contributors" || rest_of_path == "/stats/contributors") {
    return rest_statistics(step, *repository);
  }
  return message_response(404, "Not Found");
}

http::Response GithubSimulator::rest_commits(Step& step, const Repository& repository) {
  if (repository.commits.empty()) return message_response(409, "Git Repository is empty.");
  auto bound = [&](std::string_view name, std::int64_t otherwise) {
    auto text = http::form_value(step.query, name);
    return text ? parse_moment(*text).value_or(otherwise) : otherwise;
  };
  std::int64_t since_s = bound("since", std::numeric_limits<std::int64_t>::min());
  std::int64_t until_s = bound("until", std::numeric_limits<std::int64_t>::max());
  auto author = http::form_value(step.query, "author");
  json::array all;
  for (std::size_t i = repository.commits.size(); i-- > 0;) {
    const Commit& commit = repository.commits[i];
    bool asked = !author || lower_case(commit.author->login) == lower_case(*author);
    if (!asked || commit.committed_s < since_s || commit.committed_s > until_s) continue;
    all.push_back(commit_json(repository, commit, settings_.api_url));
  }
  return paged(step, fmt::format("/repositories/{}/commits", repository.database_id),
               std::move(all));
}

// Minimal: an empty repository is 204 for good; statistics are 202 once per newest commit.
http::Response GithubSimulator::rest_statistics(Step& step, const Repository& repository) {
  if (repository.commits.empty()) return http::Response{204, {}, {}};
  bool weekly = step.path.ends_with("/stats/contributors");
  if (weekly &&
      statistics_ready_.insert(repository.node_id + repository.commits.back().sha).second) {
    return json_response(202, json::object{});
  }
  struct Sums {
    std::uint64_t total = 0;
    std::map<std::int64_t, std::array<std::int64_t, 3>> weeks;  // additions, deletions, commits
  };
  std::map<const Account*, Sums> sums;
  bool huge = repository.commits.size() >= 10'000;
  for (const Commit& commit : repository.commits) {
    if (commit.merge && weekly) continue;
    std::int64_t day = floor_divide(commit.committed_s, 86400);
    Sums& of_author = sums[commit.author];
    ++of_author.total;
    auto& week = of_author.weeks[(day - weekday_of(day)) * 86400];
    week[0] += huge ? 0 : commit.additions;
    week[1] += huge ? 0 : commit.deletions;
    ++week[2];
  }
  std::vector<std::pair<const Account*, const Sums*>> order;
  for (const auto& [account, of_author] : sums) order.emplace_back(account, &of_author);
  std::sort(order.begin(), order.end(), [](const auto& left, const auto& right) {
    if (left.second->total != right.second->total) return left.second->total > right.second->total;
    return left.first->database_id < right.first->database_id;
  });
  json::array all;
  if (!weekly) {
    for (const auto& [account, of_author] : order) {
      json::object entry = account_json(*account, settings_.api_url);
      entry["contributions"] = of_author->total;
      all.push_back(std::move(entry));
    }
    return paged(step, fmt::format("/repositories/{}/contributors", repository.database_id),
                 std::move(all));
  }
  if (order.size() > 100) order.resize(100);
  for (auto place = order.rbegin(); place != order.rend(); ++place) {  // the busiest comes last
    json::array weeks;
    for (const auto& [start_s, counts] : place->second->weeks) {
      weeks.push_back(
          json::object{{"w", start_s}, {"a", counts[0]}, {"d", counts[1]}, {"c", counts[2]}});
    }
    all.push_back(json::object{{"author", account_json(*place->first, settings_.api_url)},
                               {"total", place->second->total},
                               {"weeks", std::move(weeks)}});
  }
  return json_response(200, all);
}

}  // namespace tidemark::simulators
