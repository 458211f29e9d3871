#include "daemon/routes/openapi_schemas.hpp"

namespace tidemark::daemon {

namespace {

using Properties = std::vector<SchemaProperty>;

Properties joined(Properties first, const Properties& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

const Properties profile = {{"name", "string?"},
                            {"location", "string?"},
                            {"bio", "string?"},
                            {"company", "string?"},
                            {"email", "string?"},
                            {"created_at", "string?"},
                            {"updated_at", "string?"},
                            {"followers_count", "integer?"},
                            {"following_count", "integer?"},
                            {"public_gists", "integer?"},
                            {"public_repos", "integer?"}};

Properties user_row(const Properties& more) {
  const Properties own = {{"id", "integer"},  {"node_id", "string?"}, {"login", "string"},
                          {"kind", "string"}, {"presence", "string"}, {"depth", "integer?"}};
  return joined(joined(own, profile), more);
}

const Properties list_head = {{"user_id", "integer"}, {"user_login", "string"},
                              {"state", "string"},    {"reported", "integer"},
                              {"read", "instant"},    {"next", "string?"}};

const Properties repository_times = {{"created_at", "string?"}, {"updated_at", "string?"}};

const Properties repository_flags = {{"has_downloads", "boolean?"}, {"has_issues", "boolean"},
                                     {"has_pages", "boolean?"},     {"has_projects", "boolean"},
                                     {"has_wiki", "boolean"},       {"private", "boolean"},
                                     {"archived", "boolean"},       {"disabled", "boolean"}};

const Properties repository_counts = {{"stargazers_count", "integer"},
                                      {"subscribers_count", "integer?"},
                                      {"watchers_count", "integer"},
                                      {"open_issues_count", "integer?"}};

const Properties repository_texts = {{"name", "string"},
                                     {"full_name", "string"},
                                     {"description", "string?"},
                                     {"homepage", "string?"},
                                     {"language", "string?"}};

Properties repository() {
  const Properties own = {
      {"id", "integer"},          {"node_id", "string?"},   {"owner_github_id", "integer"},
      {"owner_login", "string?"}, {"pushed_at", "string?"}, {"forks_count", "integer"},
      {"fork", "boolean"},        {"gone", "instant"}};
  auto all = joined(joined(own, repository_texts), repository_times);
  return joined(joined(all, repository_flags), repository_counts);
}

Properties github_repository() {
  const Properties own = {{"id", "string"},
                          {"url", "string"},
                          {"owner", "string"},
                          {"github_id", "string"},
                          {"owner_github_id", "string"},
                          {"stargazers", "[string]"}};
  auto all = joined(joined(own, repository_texts), repository_times);
  return joined(joined(all, repository_flags), repository_counts);
}

Properties page_of(std::string_view rows) {
  return {{"count", "integer"}, {"next", "string?"}, {"previous", "string?"}, {"results", rows}};
}

std::vector<Schema> graph() {
  const Properties name = {{"id", "integer"}, {"login", "string"}, {"kind", "string"}};
  return {
      {"UserRow", user_row({{"read_at", "string?"}})},
      {"UserPage", {{"users", "[UserRow]"}, {"next", "string?"}}},
      {"ListReading",
       {{"list", "string"}, {"state", "string"}, {"reported", "integer?"}, {"read", "instant"}}},
      {"User", user_row({{"former_login", "string?"},
                         {"first_seen", "instant"},
                         {"last_seen", "instant"},
                         {"read", "instant"},
                         {"gone", "instant"},
                         {"due", "instant"},
                         {"lists", "[ListReading]"}})},
      {"UserList", joined(list_head, {{"users", "[UserRow]"}})},
      {"RepositoryList", joined(list_head, {{"repositories", "[Repository]"}})},
      {"Repository", repository()},
      {"RepositoryPage", {{"repositories", "[Repository]"}, {"next", "string?"}}},
      {"Neighbour", joined(name, {{"steps", "integer"}})},
      {"Neighbours",
       {{"users", "[Neighbour]"},
        {"next", "string?"},
        {"cut", "string?"},
        {"edges_looked_at", "integer"}}},
      {"UserName", name},
      {"UserNamePage", {{"users", "[UserName]"}, {"next", "string?"}}},
      {"Path",
       {{"steps", "integer?"},
        {"path", "[UserName]?"},
        {"gave_up", "string?"},
        {"edges_looked_at", "integer"}}},
      {"TopUser", joined(name, {{"count", "integer"}})},
      {"Top",
       {{"by", "string"},
        {"users", "[TopUser]"},
        {"looked_at", "integer"},
        {"complete", "boolean"}}},
      {"SeedsImported",
       {{"named", "integer"}, {"denied", "integer"}, {"job", "Job?"}, {"joined", "boolean"}}},
      {"Graph",
       {{"users", "integer"},
        {"read", "integer"},
        {"gone", "integer"},
        {"organizations", "integer"},
        {"repositories", "integer"},
        {"waiting", "integer"},
        {"capabilities", "[Capability]"},
        {"store_bytes_on_disk", "integer"}}},
  };
}

std::vector<Schema> old_shapes() {
  return {
      {"GithubPaths",
       {{"developers", "string"},
        {"repositories", "string"},
        {"rate_limit", "string"},
        {"tasks", "string"}}},
      {"Developer", joined({{"id", "string"},
                            {"url", "string"},
                            {"github_id", "string"},
                            {"login", "string"},
                            {"followers", "[string]"},
                            {"following", "[string]"},
                            {"starred_repositories", "[string]"},
                            {"repositories", "[string]"}},
                           profile)},
      {"DeveloperPage", page_of("[Developer]")},
      {"GithubRepository", github_repository()},
      {"GithubRepositoryPage", page_of("[GithubRepository]")},
      {"RateLimit",
       {{"url", "string"},
        {"rate_limit", "integer"},
        {"rate_remaining", "integer"},
        {"rate_reset_raw", "integer"},
        {"rate_reset", "string?"}}},
      {"RateLimitPage", page_of("[RateLimit]")},
      {"GithubTask",
       {{"id", "integer"}, {"name", "string"}, {"username", "string"}, {"repo_name", "string"}}},
      {"TaskOrder",
       {{"name", "string"}, {"username", "string"}, {"repo_name", "string"}},
       {"name"},
       false},
      {"TaskStarted", {{"success", "string"}}},
  };
}

}  // namespace

std::vector<Schema> graph_schemas() {
  std::vector<Schema> all = graph();
  for (auto& schema : old_shapes()) all.push_back(std::move(schema));
  return all;
}

}  // namespace tidemark::daemon
