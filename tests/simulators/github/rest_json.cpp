#include "tests/simulators/github/rest_json.hpp"

#include <fmt/format.h>

#include "tests/simulators/github/view.hpp"
#include "tests/simulators/moment.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

json::value text_or_nothing(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(json::string(text));
}

std::string_view type_of(const Account& account) {
  if (account.bot) return "Bot";
  return account.organization ? "Organization" : "User";
}

}  // namespace

json::object account_json(const Account& account, const std::string& api_url) {
  std::string url = api_url + "/users/" + account.login;
  return json::object{{"login", account.login},
                      {"id", account.database_id},
                      {"node_id", account.node_id},
                      {"avatar_url", fmt::format("https://avatars.githubusercontent.com/u/{}?v=4",
                                                 account.database_id)},
                      {"gravatar_id", ""},
                      {"url", url},
                      {"html_url", "https://github.com/" + account.login},
                      {"followers_url", url + "/followers"},
                      {"following_url", url + "/following{/other_user}"},
                      {"repos_url", url + "/repos"},
                      {"type", type_of(account)},
                      {"site_admin", false}};
}

json::object whole_account_json(const World& world, const Account& account,
                                const std::string& api_url, bool signed_in) {
  json::object body = account_json(account, api_url);
  Profile profile = world.profile(account);
  body["name"] = text_or_nothing(profile.name);
  body["company"] = text_or_nothing(profile.company);
  body["blog"] = profile.website;
  body["location"] = text_or_nothing(profile.location);
  body["email"] = text_or_nothing(signed_in ? profile.email : std::string());
  body["hireable"] = profile.hireable ? json::value(true) : json::value(nullptr);
  body["bio"] = text_or_nothing(profile.bio);
  body["twitter_username"] = text_or_nothing(profile.twitter);
  body["public_repos"] = world.public_repositories(account).size();
  body["public_gists"] = profile.gists;
  body["followers"] = world.graph().followers(account.index).size();
  body["following"] = world.graph().following(account.index).size();
  body["created_at"] = format_moment(account.created_s);
  body["updated_at"] = format_moment(profile.updated_s);
  return body;
}

json::object repository_json(const Repository& repository, const std::string& api_url) {
  std::string url = api_url + "/repos/" + repository.full_name();
  json::object body{{"id", repository.database_id},
                    {"node_id", repository.node_id},
                    {"name", repository.name},
                    {"full_name", repository.full_name()},
                    {"private", repository.is_private},
                    {"owner", account_json(*repository.owner, api_url)},
                    {"html_url", "https://github.com/" + repository.full_name()},
                    {"url", url},
                    {"description", text_or_nothing(repository.description)},
                    {"fork", repository.fork},
                    {"homepage", text_or_nothing(repository.homepage)},
                    {"language", text_or_nothing(repository.language)},
                    {"forks_count", repository.forks},
                    {"stargazers_count", repository.stars},
                    {"watchers_count", repository.stars},  // the name is older than the thing
                    {"open_issues_count", repository.open_issues},
                    {"has_issues", repository.has_issues},
                    {"has_projects", repository.has_projects},
                    {"has_wiki", repository.has_wiki},
                    {"has_pages", repository.has_pages},
                    {"has_downloads", true},
                    {"archived", repository.archived},
                    {"disabled", repository.disabled},
                    {"default_branch", "main"}};
  body["created_at"] = format_moment(repository.created_s);
  body["updated_at"] = format_moment(updated_of(repository));
  body["pushed_at"] = repository.pushed_s == 0 ? json::value(nullptr)
                                               : json::value(format_moment(repository.pushed_s));
  return body;
}

}  // namespace tidemark::simulators
