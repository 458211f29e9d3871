#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "http/async/clock.hpp"
#include "http/message.hpp"
#include "tests/simulators/github.hpp"
#include "tests/simulators/openhumans.hpp"

namespace tidemark::simulators {

// A member of Open Humans with an account on GitHub, and the tokens a sign-in would have brought.
struct MemberTokens {
  std::string id, login;
  std::string github_token, openhumans_access, openhumans_refresh;  // empty: made up
};
[[nodiscard]] MemberTokens add_member(GithubSimulator& github, OpenHumansSimulator& openhumans,
                                      MemberTokens wanted, async::WallTime now);
[[nodiscard]] boost::json::object as_json(const MemberTokens& member);

// The admin port: looks into and changes both simulators. Errors are 400 with {"error"}.
//   GET  /ledger              both ledgers, the uploads, the webhooks sent, and how many members
//                             lost their last pair of tokens and must sign in again
//   POST /ledger/reset
//   GET  /tokens              of each member and login, how many tokens live (used, unheard)
//                             and were issued
//   GET  /files/{member}      name, md5 and content of each file
//   POST /faults              {"clear":true,"seed":7,"github":[…],"openhumans":[…]}
//   POST /quota               {"graphql":20,"core":60,"window_ms":5000,"anchor":"grid",…}
//   POST /world               {"add_commits":[…],"remove_commits":[…],"rebase":[…],"rename":[…], …}
//   GET  /graph?seeds=A,B&depth=N&followers=false&following=false&organizations=true
//        &format=ndjson       what a crawl from the seeds can know: counts, ideal points, digests,
//        or
//                             lines (graph/expected.hpp); without seeds all accounts of the graph
//   POST /graph               {"follow":[{"from","to"}], "unfollow":[…], "rename":[{"login","to"}],
//                             "delete":[{"login"}], "suspend":[…], "restore":[…],
//                             "account":[{"login","id"?,"organization"?,"bot"?,"bare"?}],
//                             "repository":[{"repo":"owner/name","description"?,"language"?,…}],
//                             "edit":[{"login","bio"?,…}],
//                             "oddity":[{"kind","login"?,"amount"?,"seed"?}]}
//   POST /members             {"id","login","github_token"?,…}
//   POST /tokens {"revoke_github":"…","openhumans_leaves":"ID","openhumans_erase":"ID",
//                 "openhumans_expire":true,"is_live":"…",
//                 "add_github":{"login","token"?,"scopes"?}}
//   POST /settings            {"enrollment_url","deauth_webhook","webhook_secret","project_active",
//                              "openhumans_redirect_uris","github_redirect_uris","github_app",
//                              "github_access_lifetime_s","device_flow","unverified_logins",
//                              "lists":{"followers":"empty",…},"truncate_parents",
//                              "truncate_entries","hide_one_in","deepest_page","service_ms",
//                             "service_ms_per_connection"}
class Admin {
 public:
  Admin(GithubSimulator& github, OpenHumansSimulator& openhumans)
      : github_(github), openhumans_(openhumans) {}
  http::Response answer(const http::Request& request, async::WallTime now);

 private:
  boost::json::object route(const http::Request& request, async::WallTime now);
  boost::json::object ledger() const;
  boost::json::object live_tokens() const;
  boost::json::object set_faults(const boost::json::object& body);
  boost::json::object set_quota(const boost::json::object& body);
  boost::json::object change_world(const boost::json::object& body);
  http::Response expected(const http::Request& request) const;
  boost::json::object change_graph(const boost::json::object& body, async::WallTime now);
  boost::json::object change_tokens(const boost::json::object& body, async::WallTime now);
  boost::json::object change_settings(const boost::json::object& body);

  GithubSimulator& github_;
  OpenHumansSimulator& openhumans_;
};

}  // namespace tidemark::simulators
