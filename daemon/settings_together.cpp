#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/settings.hpp"
#include "http/forwarded.hpp"
#include "http/url.hpp"
#include "jobs/discovery/seeds.hpp"

namespace tidemark::daemon {

namespace {

void check_tls(const Settings& settings, std::vector<std::string>& problems) {
  const bool certificate = !settings.public_tls_certificate_file.empty();
  const bool key = !settings.public_tls_key_file.empty();
  if (certificate == key) return;
  problems.push_back(
      fmt::format("public.{}: is missing; TLS needs certificate and key, a reverse proxy neither",
                  certificate ? "tls_key_file" : "tls_certificate_file"));
}

// "0.0.0.0", "::" and other spellings of every address.
bool is_every_address(const std::string& address) {
  std::array<unsigned char, 16> bytes{};
  return (::inet_pton(AF_INET, address.c_str(), bytes.data()) == 1 ||
          ::inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1) &&
         std::ranges::all_of(bytes, [](unsigned char byte) { return byte == 0; });
}

void check_url(const Settings& settings, std::vector<std::string>& problems) {
  if (settings.public_url.empty()) {
    if (!is_every_address(settings.public_address)) return;
    problems.push_back(
        fmt::format("public.url: is missing; public.address = \"{}\" is every address of this "
                    "machine and none that people could type",
                    settings.public_address));
    return;
  }
  const auto url = http::parse_url(settings.public_url);
  const bool has_tls = !settings.public_tls_certificate_file.empty();
  if (has_tls && url && url->origin().starts_with("http://")) {
    problems.push_back(
        fmt::format("public.url: \"{}\" begins with http://, and the pages speak TLS "
                    "(public.tls_certificate_file); write https://",
                    settings.public_url));
    return;
  }
  if (url && url->target == "/") return;
  problems.push_back(
      fmt::format("public.url: \"{}\" is more than scheme and host; the pages need a host of their "
                  "own, such as https://tidemark.example.org",
                  settings.public_url));
}

void check_proxies(const Settings& settings, std::vector<std::string>& problems) {
  try {
    (void)http::TrustedProxies(settings.public_trusted_proxies);
  } catch (const std::invalid_argument& error) {
    problems.push_back(fmt::format("public.trusted_proxies: {}", error.what()));
  }
}

void check_client(std::string_view section, const std::string& id, const std::string& secret_file,
                  std::vector<std::string>& problems) {
  if (id.empty() || !secret_file.empty()) return;
  problems.push_back(fmt::format(
      "{0}.client_secret_file: is missing; {0}.client_id is of no use without its secret",
      section));
}

void check_logins(std::string_view name, const std::vector<std::string>& logins,
                  std::vector<std::string>& problems) {
  for (const auto& login : logins) {
    if (jobs::discovery::is_login(login)) continue;
    problems.push_back(fmt::format(
        "{}: \"{}\" is no GitHub login (1 to 39 letters, digits and hyphens inside); correct it or "
        "take it out",
        name, login));
  }
}

}  // namespace

std::vector<std::string> check_together(const Settings& settings) {
  std::vector<std::string> problems;
  check_tls(settings, problems);
  check_url(settings, problems);
  check_proxies(settings, problems);
  check_client("github", settings.github_client_id, settings.github_client_secret_file, problems);
  check_client("openhumans", settings.openhumans_client_id, settings.openhumans_client_secret_file,
               problems);
  check_logins("discovery.seeds", settings.discovery_seeds, problems);
  check_logins("discovery.deny", settings.discovery_deny, problems);
  return problems;
}

std::vector<std::string> settings_warnings(const Settings& settings) {
  std::vector<std::string> warnings;
  const bool behind_proxy = !settings.public_address.empty() &&
                            settings.public_url.starts_with("https://") &&
                            settings.public_tls_certificate_file.empty();
  if (behind_proxy && settings.public_trusted_proxies.empty()) {
    warnings.push_back(fmt::format(
        "public.url is {}, so a reverse proxy must speak TLS for the pages, and "
        "public.trusted_proxies is empty: all people then count as the one address of the proxy "
        "and "
        "share its limits; set it to that address, as in: trusted_proxies = [\"127.0.0.1\"]",
        settings.public_url));
  }
  return warnings;
}

}  // namespace tidemark::daemon
