#include "daemon/public_site.hpp"

#include <fmt/format.h>

#include "daemon/secret_files.hpp"
#include "http/url.hpp"

namespace tidemark::daemon {

namespace {

constexpr std::size_t arrivals_most = 512;

http::ListenOn place(const Settings& settings) {
  http::ListenOn where;
  where.address = settings.public_address;
  where.port = static_cast<std::uint16_t>(settings.public_port);
  if (!settings.public_tls_certificate_file.empty()) {
    where.tls =
        http::TlsIdentity{settings.public_tls_certificate_file, settings.public_tls_key_file};
  }
  return where;
}

// Anybody may connect: less of everything than a control door gives.
http::ServerLimits limits(const http::TrustedProxies& proxies,
                          std::function<void(http::Reply&)> on_refusal) {
  http::ServerLimits limits;
  limits.connections = 1'024;
  limits.connections_per_address = 64;
  limits.exempt = [&proxies](const std::string& address) { return proxies.trusts(address); };
  limits.body_bytes = 64 * 1024;
  limits.idle_ms = async::Milliseconds(30'000);
  // A sign-in asks its provider twice, and each time has a minute.
  limits.handle_ms = async::Milliseconds(150'000);
  limits.on_refusal = std::move(on_refusal);
  return limits;
}

std::string url_of(const Settings& settings, std::uint16_t port) {
  if (!settings.public_url.empty()) return settings.public_url;
  const bool v6 = settings.public_address.find(':') != std::string::npos;
  const auto host = v6 ? "[" + settings.public_address + "]" : settings.public_address;
  const bool tls = !settings.public_tls_certificate_file.empty();
  return fmt::format("{}://{}:{}", tls ? "https" : "http", host, port);
}

PublicSettings public_settings(const Settings& settings, std::uint16_t port) {
  PublicSettings result;
  const auto url = http::parse_url(url_of(settings, port));
  result.url = url ? url->origin() : url_of(settings, port);
  result.secure = result.url.starts_with("https://");
  result.contact = settings.public_contact;
  result.activity_url = settings.openhumans_activity_url;
  result.webhook_secret = openhumans_webhook_secret(settings);
  result.github_scopes = settings.github_app == "oauth";
  result.cooldown_ms = settings.public_update_cooldown_minutes * 60'000;
  result.stale_after_hours = settings.sync_stale_after_hours;
  return result;
}

// Browsers hold a form to where its redirects lead as well.
std::vector<std::string> form_targets(const Settings& settings) {
  std::vector<std::string> targets;
  for (const auto& text : {settings.github_web_url, settings.openhumans_url}) {
    if (const auto url = http::parse_url(text)) targets.push_back(url->origin());
  }
  return targets;
}

PublicRules rules(const Settings& settings, const std::string& url) {
  PublicRules result;
  result.url = url;
  result.form_targets = form_targets(settings);
  result.proxies = http::TrustedProxies(settings.public_trusted_proxies);
  result.requests_per_minute = static_cast<std::uint64_t>(settings.public_requests_per_minute);
  return result;
}

}  // namespace

PublicSite::PublicSite(async::Executor executor, const Settings& settings, PublicNeeds needs,
                       Door::OnFatal on_fatal)
    : log_(needs.log),
      certificate_(settings.public_tls_certificate_file, settings.public_tls_key_file,
                   [this](LogLevel level, const std::string& line) { log_.write(level, line); }),
      proxies_(settings.public_trusted_proxies),
      server_(executor, needs.clock, place(settings),
              limits(proxies_, [this](http::Reply& reply) { door_.dress(reply); }), late_handler(),
              [this](const std::string& where, const std::string& what) {
                log_.warning(fmt::format("{}: {}", where, what));
              }),
      arrivals_(executor, needs.clock, arrivals_most,
                [this](const std::string& name, std::exception_ptr error) {
                  door_.unheard(name, std::move(error));
                }),
      services_{needs.store,  needs.sealer, needs.clock,
                needs.random, needs.runner, needs.sign_in,
                arrivals_,    needs.log,    public_settings(settings, server_.port())},
      router_(make_public_routes(services_)),
      door_(router_, needs.clock, rules(settings, services_.settings.url), needs.log,
            std::move(on_fatal)),
      handler_(door_.handler()) {
  log_.pin_secret(services_.settings.webhook_secret);
  for (const auto& warning : settings_warnings(settings)) log_.warning(warning);
}

// The server is there before the door; nobody is accepted until run().
http::Handler PublicSite::late_handler() {
  return [this](http::Request request, http::Peer peer) {
    return handler_(std::move(request), std::move(peer));
  };
}

async::Task<void> PublicSite::stop(async::Deadline deadline) {
  co_await server_.stop(deadline);
  co_await arrivals_.stop(deadline);
}

void PublicSite::apply_live(const Settings& settings) {
  services_.settings.contact = settings.public_contact;
  services_.settings.cooldown_ms = settings.public_update_cooldown_minutes * 60'000;
  door_.set_rate(static_cast<std::uint64_t>(settings.public_requests_per_minute));
}

void PublicSite::refresh_certificate(bool anyway) {
  certificate_.refresh(anyway, [this] { server_.reload_tls(); });
}

}  // namespace tidemark::daemon
