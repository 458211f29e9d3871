#include "daemon/parts.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cstring>

#include "daemon/job_kinds.hpp"
#include "daemon/routes/answers.hpp"
#include "daemon/secret_files.hpp"
#include "http/net.hpp"
#include "storage/quota.hpp"

namespace tidemark::daemon {

namespace {

// Pages read while syncs wait for the disk.
constexpr std::size_t pool_threads = 4;
constexpr std::size_t pool_queue_most = 1'024;

// However a token got here, from the store or from a refresh: when it is sent, the log knows it.
std::function<void(const std::string&)> teaches(Log& log) {
  return [&log](const std::string& secret) { log.learn_secret(secret); };
}

http::github::ApiSettings github_settings(const Settings& settings, Log& log) {
  http::github::ApiSettings result;
  result.api_url = settings.github_api_url;
  result.graphql_url = settings.github_graphql_url;
  result.api_version = settings.github_api_version;
  result.on_secret = teaches(log);
  return result;
}

http::github::OAuthSettings github_oauth_settings(const Settings& settings, Log& log) {
  http::github::OAuthSettings result;
  result.web_url = settings.github_web_url;
  result.api_url = settings.github_api_url;
  result.client_id = settings.github_client_id;
  result.client_secret = github_client_secret(settings);
  log.pin_secret(result.client_secret);
  result.on_secret = teaches(log);
  return result;
}

http::openhumans::ApiSettings openhumans_settings(const Settings& settings, Log& log) {
  http::openhumans::ApiSettings result;
  result.url = settings.openhumans_url;
  result.client_id = settings.openhumans_client_id;
  result.client_secret = openhumans_client_secret(settings);
  log.pin_secret(result.client_secret);
  result.on_secret = teaches(log);
  return result;
}

// Whoever signs in must not stand behind the syncs' long questions: at most one of each job, and
// what the sign-ins may have under way (jobs/sign_in/attempts.hpp), with room for renewals.
http::ClientLimits client_limits(const Settings& settings) {
  constexpr std::size_t for_people = 8;
  constexpr std::size_t most = 96;  // GitHub takes 100 at a time (its secondary limits)
  http::ClientLimits result;
  result.connections_per_endpoint =
      std::min(most, static_cast<std::size_t>(settings.jobs_concurrency) + for_people);
  result.idle_connections = 2 * result.connections_per_endpoint;
  return result;
}

jobs::RunnerSettings runner_settings(const Settings& settings) {
  jobs::RunnerSettings result;
  result.concurrency = static_cast<std::size_t>(settings.jobs_concurrency);
  result.attempts_max = static_cast<std::uint32_t>(settings.jobs_attempts_max);
  return result;
}

// The folder of the socket: systemd makes it; elsewhere we try, and the bind says why it failed.
http::ListenOn socket_place(const Settings& settings) {
  std::error_code ignored;
  const auto folder = std::filesystem::path(settings.control_socket).parent_path();
  std::filesystem::create_directories(folder, ignored);
  http::ListenOn where;
  where.address = settings.control_socket;
  where.socket_mode = parse_mode(settings.control_socket_mode);
  return where;
}

http::ListenOn tcp_place(const Settings& settings) {
  http::ListenOn where;
  where.address = settings.control_tcp_address;
  where.port = static_cast<std::uint16_t>(settings.control_tcp_port);
  return where;
}

std::uint32_t socket_group(const Settings& settings) {
  if (settings.control_socket_group.empty()) return ::getegid();
  const auto group = group_id(settings.control_socket_group);
  if (group) return *group;
  throw SettingsError(
      {fmt::format("control.socket_group: there is no group {}; make it with: groupadd {}",
                   settings.control_socket_group, settings.control_socket_group)});
}

AccessRules access_rules(const Settings& settings, Log& log) {
  AccessRules rules;
  rules.socket_path = settings.control_socket;
  rules.own_user = ::geteuid();
  rules.socket_group = socket_group(settings);
  rules.allowed_hosts = settings.control_allowed_hosts;
  rules.groups_of = system_groups;
  if (settings.control_tcp_address.empty()) return rules;
  rules.token = load_control_token(settings.control_token_file);
  log.pin_secret(rules.token);
  return rules;
}

void give_to_group(const Settings& settings) {
  if (settings.control_socket_group.empty()) return;
  if (::chown(settings.control_socket.c_str(), static_cast<uid_t>(-1), socket_group(settings)) == 0)
    return;
  throw SettingsError(
      {fmt::format("control.socket_group: {} cannot be given to group {} ({}); add the daemon's "
                   "user to that group (SupplementaryGroups= in the unit)",
                   settings.control_socket, settings.control_socket_group, std::strerror(errno))});
}

http::OnServerError logs_to(Log& log) {
  return [&log](const std::string& where, const std::string& what) {
    log.warning(fmt::format("{}: {}", where, what));
  };
}

}  // namespace

Parts::Parts(const Settings& settings, Log& the_log, Door::OnFatal on_fatal)
    : log(the_log),
      engine(open_store(settings, log)),
      sealer(open_sealer(settings, *engine, log)),
      pool(storage::make_thread_pool(pool_threads, pool_queue_most)),
      store(*engine, *pool),
      connector(
          http::make_connector(loop.get_executor(), clock, http::TlsTrust{settings.http_ca_file})),
      client(loop.get_executor(), clock, *connector, client_limits(settings),
             "tidemark/" TIDEMARK_VERSION),
      github(client, clock, github_settings(settings, log)),
      github_oauth(client, clock, github_oauth_settings(settings, log)),
      openhumans(client, clock, openhumans_settings(settings, log)),
      ledger(clock, random),
      tokens(loop.get_executor(), store, sealer, clock, openhumans, github_oauth,
             [this](const std::string& provider, const std::string& why) {
               client_refused(provider, why);
             }),
      runner(loop.get_executor(), store, clock, random, runner_settings(settings),
             [this](const storage::Job& job, const std::string& what) { job_changed(job, what); }),
      client_holds(runner),
      attempts(loop.get_executor(), clock),
      sign_in{store, sealer, clock, github, github_oauth, openhumans, ledger, tokens, attempts},
      github_token_file(settings.github_token_file),
      discovery{store,
                clock,
                random,
                github,
                ledger,
                [this] { return crawl_token(); },
                discovery_settings(settings),
                [this] { return crawl_share; }},
      services{store,
               sealer,
               ledger,
               runner,
               clock,
               events,
               log,
               settings.store_path,
               now_ms(),
               settings.discovery_enabled,
               discovery.settings},
      router(make_routes(services)),
      door(router, access_rules(settings, log), log, on_fatal),
      socket(loop.get_executor(), clock, socket_place(settings), http::ServerLimits{},
             door.socket_handler(), logs_to(log)) {
  give_to_group(settings);
  engine->read(
      [this](const storage::Reader& reader) { ledger.load(storage::list_quotas(reader)); });
  learn_stored_tokens(*engine, sealer, log);
  apply_live(settings);
  add_job_kinds(*this, settings);
  if (!settings.control_tcp_address.empty()) {
    tcp.emplace(loop.get_executor(), clock, tcp_place(settings), http::ServerLimits{},
                door.tcp_handler(), logs_to(log));
  }
  if (!settings.public_address.empty()) {
    const PublicNeeds needs{store, sealer, clock, random, runner, sign_in, log};
    site.emplace(loop.get_executor(), settings, needs, std::move(on_fatal));
  }
}

Parts::~Parts() = default;

std::int64_t Parts::now_ms() const { return clock.wall_now().time_since_epoch().count(); }

std::string Parts::crawl_token() {
  github_token_stamp = stamp_of(github_token_file);
  auto token = github_token(github_token_file);
  log.pin_secret(token);
  return token;
}

void Parts::client_refused(const std::string& provider, const std::string& why) {
  if (why.empty()) {
    log.info(fmt::format("{} takes our client id and secret again", provider));
  } else {
    log.error(why);
  }
  client_holds.set(provider, why);
}

void Parts::job_changed(const storage::Job& job, const std::string& what) {
  // Who is forgotten is not remembered in the log.
  const bool names_somebody = job.kind == jobs::discovery::forget_kind;
  log.info(
      fmt::format("job {} ({} {}): {}", job.id, job.kind, names_somebody ? "…" : job.key, what));
  if (events.followers() == 0) return;
  auto clean = [this](std::string_view text) { return log.clean(text); };
  boost::json::object event;
  event["what"] = log.clean(what);
  event["job"] = job_json(job, now_ms(), clean);
  events.publish("job", boost::json::serialize(event));
}

void Parts::apply_live(const Settings& settings) {
  log.set_least(parse_log_level(settings.log_level));
  door.set_allowed_hosts(settings.control_allowed_hosts);
  jobs::QuotaShare share;
  share.share = settings.quota_member_share;
  share.reserve = static_cast<std::uint64_t>(settings.quota_member_reserve);
  ledger.set_share("github:", share);
  crawl_share.share = settings.quota_crawl_share;
  crawl_share.reserve = static_cast<std::uint64_t>(settings.quota_crawl_reserve);
  github_token_file = settings.github_token_file;
  if (site) site->apply_live(settings);
}

}  // namespace tidemark::daemon
