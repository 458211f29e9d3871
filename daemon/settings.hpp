#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace tidemark::daemon {

// Plain values. Their names, defaults, bounds and help are in settings_doors.cpp and
// settings_work.cpp, and only there.
struct Settings {
  std::string store_path, store_key_file;
  std::int64_t store_free_mb_min = 0;
  std::string control_socket, control_socket_mode, control_socket_group;
  std::string control_tcp_address;
  std::int64_t control_tcp_port = 0;
  std::string control_token_file;
  std::vector<std::string> control_allowed_hosts;
  std::string public_address, public_url, public_tls_certificate_file, public_tls_key_file;
  std::int64_t public_port = 0, public_requests_per_minute = 0, public_update_cooldown_minutes = 0;
  std::vector<std::string> public_trusted_proxies;
  std::string public_contact;
  std::string github_api_url, github_graphql_url, github_web_url, github_api_version;
  std::string github_client_id, github_client_secret_file, github_app, github_token_file;
  std::string openhumans_url, openhumans_client_id, openhumans_client_secret_file;
  std::string openhumans_webhook_secret_file, openhumans_activity_url;
  double quota_member_share = 0;
  std::int64_t quota_member_reserve = 0;
  double quota_crawl_share = 0;
  std::int64_t quota_crawl_reserve = 0;
  std::int64_t sync_stale_after_hours = 0, sync_sweep_every_hours = 0;
  bool discovery_enabled = false, discovery_stars = false;
  std::vector<std::string> discovery_seeds, discovery_deny;
  std::int64_t discovery_depth = 0, discovery_users_max = 0, discovery_every_hours = 0;
  std::int64_t discovery_repositories_max = 0;
  std::int64_t discovery_refresh_days = 0, discovery_retention_days = 0;
  std::int64_t jobs_concurrency = 0, jobs_attempts_max = 0;
  std::string log_level, log_format;
  std::string http_ca_file;
};

using SettingField =
    std::variant<std::string Settings::*, std::int64_t Settings::*, double Settings::*,
                 bool Settings::*, std::vector<std::string> Settings::*>;

// What a text may look like.
enum class TextForm { any, path, optional_path, url, optional_url, optional_page, choice, mode };

// One row of the table.
struct SettingRow {
  std::string_view name;  // "section.key", as in the file and in --set
  SettingField field;
  std::string_view fallback;       // as --set would give it; lists are separated by commas
  double lowest = 0, highest = 0;  // of numbers
  TextForm form = TextForm::any;   // of texts
  std::vector<std::string_view> choices = {};  // of TextForm::choice
  bool live = false;                           // taken over at SIGHUP; the others at the next start
  std::string_view help;
};
[[nodiscard]] std::span<const SettingRow> setting_rows();
[[nodiscard]] const SettingRow* find_setting(std::string_view name);
// The known name that looks most like `name`; empty when none does.
[[nodiscard]] std::string_view nearest_setting(std::string_view name);

// A value before it is checked: what a TOML file can hold, or the text of a variable or flag.
struct GivenValue {
  std::string name;
  std::variant<std::string, std::int64_t, double, bool, std::vector<std::string>> value;
  bool is_text_only = false;  // from a variable or flag: numbers come as text
  std::int64_t line = 0;      // in its file
  std::string place;          // "/etc/tidemark/tidemark.toml:12", "TIDEMARK_STORE_PATH", "--set"
};

// Everything wrong with the configuration, one line each: place, key, what, remedy.
class SettingsError : public std::runtime_error {
 public:
  explicit SettingsError(std::vector<std::string> problems);
  [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }

 private:
  std::vector<std::string> problems_;
};

struct SettingSources {
  std::optional<std::filesystem::path> file =
      {};  // must exist; without one, default_file if it exists
  std::vector<std::pair<std::string, std::string>> environment = {};  // all of it: ours are picked
  std::vector<std::string> flags = {};                                // "section.key=value"
};

struct LoadedSettings {
  Settings settings;
  std::map<std::string, std::string, std::less<>> origin;  // name → "default" or its place
};

inline constexpr std::string_view default_file = "/etc/tidemark/tidemark.toml";

// Defaults, then the file, then TIDEMARK_SECTION_KEY variables, then flags. Throws SettingsError.
[[nodiscard]] LoadedSettings load_settings(const SettingSources& sources);
[[nodiscard]] std::vector<std::pair<std::string, std::string>> process_environment();

// The values in a TOML text, unchecked but for the syntax; what is wrong goes to `problems`.
[[nodiscard]] std::vector<GivenValue> read_toml(std::string_view text, const std::string& file,
                                                std::vector<std::string>& problems);
// Checks one value against its row and stores it; an empty answer means that it fits.
[[nodiscard]] std::string apply_setting(Settings& settings, const GivenValue& given);
// As TOML would show it: "\"text\"", "7410", "[\"a\", \"b\"]".
[[nodiscard]] std::string setting_text(const Settings& settings, const SettingRow& row);

// What is wrong with values that are right one by one: "public.tls_key_file: …".
[[nodiscard]] std::vector<std::string> check_together(const Settings& settings);
// What may be meant so, and mostly is not: for the log at the start.
[[nodiscard]] std::vector<std::string> settings_warnings(const Settings& settings);

// For `tidemark config`: the reference, an example file, and what is in force and why.
[[nodiscard]] std::string settings_reference();
[[nodiscard]] std::string settings_example();
[[nodiscard]] std::string settings_effective(const LoadedSettings& loaded);

// "0660" as a number; the table has checked the form.
[[nodiscard]] unsigned parse_mode(std::string_view text);

}  // namespace tidemark::daemon
