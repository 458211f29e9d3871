#include <fmt/format.h>

#include "daemon/settings.hpp"
#include "http/forwarded.hpp"
#include "http/url.hpp"

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

void check_url(const Settings& settings, std::vector<std::string>& problems) {
  if (settings.public_url.empty()) return;
  const auto url = http::parse_url(settings.public_url);
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

}  // namespace

std::vector<std::string> check_together(const Settings& settings) {
  std::vector<std::string> problems;
  check_tls(settings, problems);
  check_url(settings, problems);
  check_proxies(settings, problems);
  check_client("github", settings.github_client_id, settings.github_client_secret_file, problems);
  return problems;
}

}  // namespace tidemark::daemon
