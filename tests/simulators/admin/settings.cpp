#include <boost/json/array.hpp>
#include <functional>
#include <map>
#include <stdexcept>
#include <type_traits>

#include "tests/simulators/admin.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

// How the app is registered at both providers; a wrong type throws.
json::object Admin::change_settings(const json::object& body) {
  OpenHumansSettings& openhumans = openhumans_.settings();
  Credentials& github = github_.credentials();
  using Change = std::function<void(const json::value&)>;
  auto text = [](std::string& target) -> Change {
    return [&target](const json::value& value) { target = std::string(value.as_string()); };
  };
  auto flag = [](bool& target) -> Change {
    return [&target](const json::value& value) { target = value.as_bool(); };
  };
  auto logins = [&github](const json::value& value) {
    github.unverified_logins.clear();
    for (const json::value& each : value.as_array()) {
      github.unverified_logins.emplace(each.as_string());
    }
  };
  auto lifetime = [&github](const json::value& value) {
    github.access_lifetime_s = value.to_number<std::int64_t>();
  };
  GithubSettings& limits = github_.settings();
  auto lists = [&limits](const json::value& value) {
    for (const auto& [name, state] : value.as_object()) {
      limits.lists.set(name, std::string_view(state.as_string()));
    }
  };
  auto number = [](auto& target) -> Change {
    return [&target](const json::value& value) {
      target = value.to_number<std::remove_reference_t<decltype(target)>>();
    };
  };
  const std::map<std::string, Change, std::less<>> changes{
      {"lists", lists},
      {"truncate_parents", number(limits.truncate_parents)},
      {"truncate_entries", number(limits.truncate_entries)},
      {"hide_one_in", number(limits.hide_one_in)},
      {"deepest_page", number(limits.deepest_page)},
      {"service_ms", number(limits.service_ms)},
      {"service_ms_per_connection", number(limits.service_ms_per_request)},
      {"enrollment_url", text(openhumans.enrollment_url)},
      {"deauth_webhook", text(openhumans.deauth_webhook)},
      {"webhook_secret", text(openhumans.webhook_secret)},
      {"project_active", flag(openhumans.project_active)},
      {"openhumans_redirect_uris", text(openhumans.redirect_uris)},
      {"github_redirect_uris", text(github.redirect_uris)},
      {"github_app", flag(github.github_app)},
      {"github_access_lifetime_s", lifetime},
      {"device_flow", flag(github.device_flow)},
      {"unverified_logins", logins},
  };
  for (const auto& [name, value] : body) {
    auto change = changes.find(std::string_view(name));
    if (change == changes.end()) {
      throw std::invalid_argument("settings: unknown key \"" + std::string(name) + "\"");
    }
    change->second(value);
  }
  return {{"changes", body.size()}};
}

}  // namespace tidemark::simulators
