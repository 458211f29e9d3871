#include <fmt/format.h>

#include "tests/simulators/github.hpp"
#include "tests/simulators/github/sign_in.hpp"
#include "tests/simulators/sign_in/page.hpp"

namespace tidemark::simulators {

namespace {

constexpr std::int64_t lifetime_s = 900, slower_s = 5;
constexpr std::string_view device_path = "/login/device";

http::Form disabled() {
  return error_fields("device_flow_disabled",
                      "Device Flow must be explicitly enabled for this App.");
}

// "WDJB-MJHT": letters that nobody reads wrongly.
std::string make_user_code(std::string_view hex) {
  constexpr std::string_view letters = "BCDFGHJKLMNPQRSTVWXZ";
  std::string code;
  for (std::size_t i = 0; i < 8; ++i) {
    auto value = std::stoul(std::string(hex.substr(2 * i, 2)), nullptr, 16);
    code += letters[value % letters.size()];
    if (i == 3) code += '-';
  }
  return code;
}

// As typed, with or without the hyphen, in any case.
std::string plain_code(std::string_view code) {
  std::string plain;
  for (char c : code) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c >= 'A' && c <= 'Z') plain += c;
  }
  return plain;
}

http::Response ask_for_code(std::string_view typed, std::string_view problem) {
  return site_page(200, github_site, "Device activation",
                   fmt::format("{}<form method=\"post\" action=\"{}\"><label>Enter the code shown "
                               "on your device <input name=\"user_code\" value=\"{}\"></label>"
                               "<button class=\"main\">Continue</button></form>",
                               problem, device_path, escape_html(typed)));
}

}  // namespace

http::Response GithubSignIn::device_code(Step& step) {
  step.answer.owner = "app:" + step.value("client_id");
  if (step.value("client_id") != credentials_.client_id) {
    return json_response(404, boost::json::object{{"error", "Not Found"}});
  }
  if (!credentials_.device_flow) return token_response(step.request, disabled());
  while (!devices_.empty() && step.now_s > devices_.front().made_s + 2 * lifetime_s) {
    devices_.pop_front();
  }
  DeviceRequest& made = devices_.emplace_back();
  made.device_code = hex_digest("SHA256", "device" + std::to_string(++made_)).substr(0, 40);
  made.user_code = make_user_code(hex_digest("SHA256", "user" + std::to_string(made_)));
  made.scopes = split_words(step.value("scope"));
  made.made_s = step.now_s;
  return token_response(step.request, {{"device_code", made.device_code},
                                       {"user_code", made.user_code},
                                       {"verification_uri", site_url + std::string(device_path)},
                                       {"expires_in", std::to_string(lifetime_s)},
                                       {"interval", std::to_string(made.interval_s)}});
}

http::Form GithubSignIn::poll_device(Step& step) {
  if (!credentials_.device_flow) return disabled();
  DeviceRequest* device = nullptr;
  for (DeviceRequest& each : devices_) {
    if (each.device_code == step.value("device_code")) device = &each;
  }
  if (device == nullptr || device->state == DeviceRequest::State::used) {
    return error_fields("incorrect_device_code", "The device_code provided is not valid.");
  }
  if (step.now_s >= device->made_s + lifetime_s) {
    return error_fields("expired_token", "This 'device_code' has expired.");
  }
  bool too_fast = device->polled_s != 0 && step.now_s < device->polled_s + device->interval_s;
  device->polled_s = step.now_s;
  if (too_fast) {
    device->interval_s += slower_s;
    http::Form answer = error_fields("slow_down",
                                     "Too many requests have been made in the same "
                                     "timeframe.");
    answer.emplace_back("interval", std::to_string(device->interval_s));
    return answer;
  }
  if (device->state == DeviceRequest::State::denied) {
    return error_fields("access_denied", "The authorization request was denied.");
  }
  if (device->state == DeviceRequest::State::waiting) {
    return error_fields("authorization_pending", "The authorization request is still pending.");
  }
  device->state = DeviceRequest::State::used;
  return token_fields(step, credentials_.issue(*device->account, step.now_s, device->granted));
}

GithubSignIn::DeviceRequest* GithubSignIn::find_user_code(std::string_view typed,
                                                          std::int64_t now_s) {
  for (DeviceRequest& each : devices_) {
    bool open = each.state == DeviceRequest::State::waiting && now_s < each.made_s + lifetime_s;
    if (open && plain_code(each.user_code) == plain_code(typed)) return &each;
  }
  return nullptr;
}

http::Response GithubSignIn::device_page(Step& step) {
  std::string typed = step.value("user_code");
  if (step.account == nullptr) {
    http::Form form;
    if (!typed.empty()) form.emplace_back("user_code", typed);
    return to_login(with_query(std::string(device_path), form));
  }
  if (step.request.method != "POST") return ask_for_code(typed, "");
  DeviceRequest* device = find_user_code(typed, step.now_s);
  if (device == nullptr) {
    return ask_for_code(typed, "<p role=\"alert\">The user code was not found.</p>");
  }
  std::string allow = step.value("allow");
  if (allow.empty()) {
    return site_page(
        200, github_site, "Authorize tidemark",
        fmt::format("<p>A device wants to use tidemark as <strong>{}</strong>.</p>{}",
                    escape_html(step.account->login),
                    consent_form(device_path, {{"user_code", device->user_code}}, device->scopes)));
  }
  if (allow != "yes") {
    device->state = DeviceRequest::State::denied;
    return site_page(200, github_site, "Cancelled", "<p>The device was not connected.</p>");
  }
  device->account = step.account;
  device->granted = agreed_scopes(step, *step.account, device->scopes);
  device->state = DeviceRequest::State::allowed;
  return site_page(200, github_site, "Congratulations, you're all set!",
                   "<p>Your device is now connected.</p>");
}

}  // namespace tidemark::simulators
