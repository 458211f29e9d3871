#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"
#include "http/url.hpp"
#include "tests/simulators/github/credentials.hpp"
#include "tests/simulators/world.hpp"

namespace tidemark::simulators {

struct SignInAnswer {
  http::Response response;
  GithubToken* issued = nullptr;
  std::string owner;  // for the ledger; empty: whoever asked
};

// What GitHub answers below /login and /applications: the web flow and the device flow with pages
// for people, the token endpoint, and revocation (contracts/github.md, 13).
class GithubSignIn {
 public:
  GithubSignIn(World& world, Credentials& credentials) : world_(world), credentials_(credentials) {}

  SignInAnswer answer(const http::Request& request, std::string_view path, const http::Form& query,
                      std::int64_t now_s);

  std::string site_url = "https://github.com";  // what the device flow's address begins with

 private:
  struct Step {
    const http::Request& request;
    std::string_view path;
    const http::Form& query;
    std::int64_t now_s;
    http::Form fields;                 // of the body
    const Account* account = nullptr;  // whose cookie it is
    SignInAnswer answer;

    // From the body, else from the query.
    [[nodiscard]] std::string value(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const;
  };
  struct DeviceRequest {
    std::string device_code, user_code;
    std::vector<std::string> scopes;
    std::int64_t made_s = 0, interval_s = 5, polled_s = 0;  // polled_s 0: never
    enum class State { waiting, allowed, denied, used } state = State::waiting;
    const Account* account = nullptr;
    std::string granted;
  };

  http::Response log_in(Step& step) const;
  [[nodiscard]] http::Response to_login(const std::string& return_to) const;
  http::Response authorize(Step& step);
  http::Response decide(Step& step, const std::string& redirect_uri);
  http::Response back_with_code(const Step& step, const Account& account,
                                const std::string& redirect_uri, const std::string& scopes);
  [[nodiscard]] std::vector<std::string> registered() const;
  [[nodiscard]] bool is_registered(const std::string& redirect_uri) const;
  // What the consent form let us have of `asked`; without any asked, what was granted before.
  std::string agreed_scopes(const Step& step, const Account& account,
                            const std::vector<std::string>& asked);

  http::Response access_token(Step& step);
  http::Form exchange_code(Step& step);
  http::Form refresh(Step& step);
  http::Form poll_device(Step& step);
  http::Form token_fields(Step& step, GithubToken& token);

  http::Response device_code(Step& step);
  http::Response device_page(Step& step);
  DeviceRequest* find_user_code(std::string_view typed, std::int64_t now_s);

  http::Response applications(Step& step);

  World& world_;
  Credentials& credentials_;
  std::deque<DeviceRequest> devices_;
  std::uint64_t made_ = 0;
};

// "repo, read:user" from "repo,read:user".
[[nodiscard]] std::string scopes_header(std::string_view scopes);
// Form-encoded unless JSON is asked for; errors too have status 200.
[[nodiscard]] http::Response token_response(const http::Request& request, const http::Form& fields);
[[nodiscard]] http::Form error_fields(std::string error, std::string description);

constexpr std::string_view github_site = "GitHub (simulated)";
// The body of a consent form: the scopes with a tick box each, and the buttons.
[[nodiscard]] std::string consent_form(std::string_view action, const http::Form& hidden,
                                       const std::vector<std::string>& scopes);

}  // namespace tidemark::simulators
