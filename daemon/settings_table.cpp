#include <algorithm>
#include <array>
#include <numeric>

#include "daemon/settings.hpp"

namespace tidemark::daemon {

namespace {

using S = Settings;

// The one list of settings: the file, the variables, the flags, the reference and the example file
// are all made from it.
const std::vector<SettingRow> rows = {
    {.name = "store.path",
     .field = &S::store_path,
     .fallback = "/var/lib/tidemark/store",
     .form = TextForm::path,
     .help = "Folder of the store; made at first start."},
    {.name = "store.key_file",
     .field = &S::store_key_file,
     .fallback = "/var/lib/tidemark/key",
     .form = TextForm::path,
     .help = "Keys that seal the members' tokens; made (0600) at first start. When systemd passes "
             "the credential tidemark-key, that one is the default."},
    {.name = "store.free_mb_min",
     .field = &S::store_free_mb_min,
     .fallback = "64",
     .lowest = 1,
     .highest = 1'048'576,
     .help = "Writes wait while less than this is free on the store's disk (megabytes)."},
    {.name = "control.socket",
     .field = &S::control_socket,
     .fallback = "/run/tidemark/control.sock",
     .form = TextForm::path,
     .help = "Unix socket for the command line and scripts."},
    {.name = "control.socket_mode",
     .field = &S::control_socket_mode,
     .fallback = "0660",
     .form = TextForm::mode,
     .help = "Its mode. Whatever the mode, only the daemon's user, root and the socket's group are "
             "served."},
    {.name = "control.socket_group",
     .field = &S::control_socket_group,
     .fallback = "",
     .help = "Group that may use the socket; empty: the daemon's own group."},
    {.name = "control.tcp_address",
     .field = &S::control_tcp_address,
     .fallback = "127.0.0.1",
     .help = "Address of the control API over TCP; empty: none."},
    {.name = "control.tcp_port",
     .field = &S::control_tcp_port,
     .fallback = "7410",
     .lowest = 0,
     .highest = 65'535,
     .help = "Its port; 0: any free one, named in the log."},
    {.name = "control.token_file",
     .field = &S::control_token_file,
     .fallback = "/var/lib/tidemark/control-token",
     .form = TextForm::path,
     .help = "Token that TCP requests must bear; made (0600) at first start."},
    {.name = "control.allowed_hosts",
     .field = &S::control_allowed_hosts,
     .fallback = "",
     .live = true,
     .help =
         "Further Host names that TCP requests may use, beside localhost, 127.0.0.1 and [::1]."},
    {.name = "github.api_url",
     .field = &S::github_api_url,
     .fallback = "https://api.github.com",
     .form = TextForm::url,
     .help = "REST address; GitHub Enterprise: https://HOST/api/v3."},
    {.name = "github.graphql_url",
     .field = &S::github_graphql_url,
     .fallback = "https://api.github.com/graphql",
     .form = TextForm::url,
     .help = "GraphQL address; GitHub Enterprise: https://HOST/api/graphql."},
    {.name = "github.web_url",
     .field = &S::github_web_url,
     .fallback = "https://github.com",
     .form = TextForm::url,
     .help = "Address of the site, for sign-in and token refresh."},
    {.name = "github.api_version",
     .field = &S::github_api_version,
     .fallback = "2022-11-28",
     .help = "X-GitHub-Api-Version that requests ask for."},
    {.name = "openhumans.url",
     .field = &S::openhumans_url,
     .fallback = "https://www.openhumans.org",
     .form = TextForm::url,
     .help = "Address of Open Humans."},
    {.name = "openhumans.client_id",
     .field = &S::openhumans_client_id,
     .fallback = "",
     .help = "Client id of your Open Humans project; tokens cannot be refreshed without it."},
    {.name = "openhumans.client_secret_file",
     .field = &S::openhumans_client_secret_file,
     .fallback = "",
     .form = TextForm::optional_path,
     .help = "File with the project's client secret. When systemd passes the credential "
             "openhumans-client-secret, that one is the default."},
    {.name = "quota.member_share",
     .field = &S::quota_member_share,
     .fallback = "1.0",
     .lowest = 0.01,
     .highest = 1,
     .live = true,
     .help = "Share of each member's GitHub quota that may be spent; 0.8 leaves a fifth."},
    {.name = "quota.member_reserve",
     .field = &S::quota_member_reserve,
     .fallback = "0",
     .lowest = 0,
     .highest = 5'000,
     .live = true,
     .help = "Requests of each member's quota that are never touched."},
    {.name = "sync.stale_after_hours",
     .field = &S::sync_stale_after_hours,
     .fallback = "96",
     .lowest = 1,
     .highest = 8'784,
     .help = "A member not synced for longer than this is synced by the sweep."},
    {.name = "sync.sweep_every_hours",
     .field = &S::sync_sweep_every_hours,
     .fallback = "24",
     .lowest = 1,
     .highest = 8'784,
     .help = "How often the daemon looks for stale members."},
    {.name = "jobs.concurrency",
     .field = &S::jobs_concurrency,
     .fallback = "8",
     .lowest = 1,
     .highest = 256,
     .help = "Jobs that run at the same time."},
    {.name = "jobs.attempts_max",
     .field = &S::jobs_attempts_max,
     .fallback = "12",
     .lowest = 1,
     .highest = 1'000,
     .help = "Failures in a row before a job is dead and waits for a person."},
    {.name = "log.level",
     .field = &S::log_level,
     .fallback = "info",
     .form = TextForm::choice,
     .choices = {"debug", "info", "warning", "error"},
     .live = true,
     .help = "The least that is logged."},
    {.name = "log.format",
     .field = &S::log_format,
     .fallback = "text",
     .form = TextForm::choice,
     .choices = {"text", "json"},
     .help = "Lines for people, or one JSON object a line."},
    {.name = "http.ca_file",
     .field = &S::http_ca_file,
     .fallback = "",
     .form = TextForm::optional_path,
     .help = "PEM file with the authorities to trust; empty: the system's."},
};

std::size_t edit_distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> previous(right.size() + 1), current(right.size() + 1);
  std::iota(previous.begin(), previous.end(), std::size_t{0});
  for (std::size_t i = 0; i < left.size(); ++i) {
    current[0] = i + 1;
    for (std::size_t j = 0; j < right.size(); ++j) {
      const std::size_t replaced = previous[j] + (left[i] == right[j] ? 0 : 1);
      current[j + 1] = std::min({replaced, previous[j + 1] + 1, current[j] + 1});
    }
    std::swap(previous, current);
  }
  return previous[right.size()];
}

}  // namespace

std::span<const SettingRow> setting_rows() { return rows; }

const SettingRow* find_setting(std::string_view name) {
  const auto row = std::ranges::find(rows, name, &SettingRow::name);
  return row == rows.end() ? nullptr : &*row;
}

std::string_view nearest_setting(std::string_view name) {
  if (name.size() > 100) return {};
  std::string_view best;
  std::size_t least = 4;  // further off, it is another word
  for (const SettingRow& row : rows) {
    const std::size_t distance = edit_distance(name, row.name);
    if (distance < least) {
      least = distance;
      best = row.name;
    }
    // The right key without its section, or in another one.
    const auto key = row.name.substr(row.name.find('.') + 1);
    if (best.empty() && name.substr(name.rfind('.') + 1) == key) best = row.name;
  }
  return best;
}

}  // namespace tidemark::daemon
