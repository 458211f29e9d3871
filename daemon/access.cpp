#include "daemon/access.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "http/digest.hpp"
#include "http/router.hpp"

namespace tidemark::daemon {

namespace {

// "localhost:7410" → "localhost", "[::1]:7410" → "[::1]".
std::string_view without_port(std::string_view host) {
  const auto bracket = host.rfind(']');
  const auto colon = host.rfind(':');
  if (colon == std::string_view::npos) return host;
  if (bracket != std::string_view::npos && colon < bracket) return host;
  return host.substr(0, colon);
}

bool is_ours(const AccessRules& rules, std::string_view host) {
  constexpr std::array<std::string_view, 3> always = {"localhost", "127.0.0.1", "[::1]"};
  const auto name = without_port(host);
  auto same = [&](std::string_view known) { return http::equals_ignoring_case(known, name); };
  return std::ranges::any_of(always, same) || std::ranges::any_of(rules.allowed_hosts, same);
}

bool bears_token(const AccessRules& rules, const http::Request& request) {
  constexpr std::string_view scheme = "bearer ";
  const auto value = request.headers.find("Authorization").value_or("");
  if (value.size() <= scheme.size()) return false;
  if (!http::equals_ignoring_case(value.substr(0, scheme.size()), scheme)) return false;
  return http::same_secret(value.substr(scheme.size()), rules.token);
}

}  // namespace

std::optional<Refusal> refuse_socket_peer(const AccessRules& rules, const http::Peer& peer) {
  if (!peer.user_id) {
    return Refusal{403, "/problems/forbidden", "Forbidden",
                   "the system did not tell who is at the other end of the socket"};
  }
  if (*peer.user_id == 0 || *peer.user_id == rules.own_user) return std::nullopt;
  const auto groups = rules.groups_of(*peer.user_id, peer.group_id.value_or(~0U));
  if (std::ranges::find(groups, rules.socket_group) != groups.end()) return std::nullopt;
  const auto user = user_name(*peer.user_id);
  const auto group = group_name(rules.socket_group);
  const auto remedy =
      rules.socket_group == 0 || !group
          ? fmt::format("run the command with sudo, or set control.socket_group to a group of {}",
                        user)
          : fmt::format(
                "let them in with: sudo usermod --append --groups {} {} (takes effect at "
                "the next sign-in)",
                *group, user);
  return Refusal{403, "/problems/forbidden", "Forbidden",
                 fmt::format("{} may not use {}; {}", user, rules.socket_path, remedy)};
}

std::optional<Refusal> refuse_tcp_request(const AccessRules& rules, const http::Request& request) {
  const auto host = request.headers.find("Host").value_or("");
  if (!is_ours(rules, host)) {
    return Refusal{421, "/problems/misdirected", "Misdirected request",
                   fmt::format("this is not the host \"{}\"; ask for localhost, or add the name to "
                               "control.allowed_hosts",
                               host.substr(0, 100))};
  }
  const auto origin = request.headers.find("Origin");
  if (origin && *origin != fmt::format("http://{}", host) &&
      *origin != fmt::format("https://{}", host)) {
    return Refusal{403, "/problems/foreign-origin", "Forbidden",
                   fmt::format("pages of \"{}\" may not use this API", origin->substr(0, 100))};
  }
  const auto path = std::string_view(request.target).substr(0, request.target.find('?'));
  // What tells nothing: whether we are there, and what our paths are called.
  constexpr std::array<std::string_view, 5> open = {"/health", "/health/", "/", "/github",
                                                    "/github/"};
  const bool is_open = std::ranges::find(open, path) != open.end();
  if (is_open || bears_token(rules, request)) return std::nullopt;
  return Refusal{401, "/problems/no-token", "Unauthorized",
                 "send \"Authorization: Bearer TOKEN\" with the token in the daemon's "
                 "control.token_file"};
}

http::Reply reply_of(const Refusal& refusal) {
  auto reply = http::problem(refusal.status, refusal.type, refusal.title, refusal.detail);
  if (refusal.status == 401) {
    reply.response.headers.set("WWW-Authenticate", "Bearer realm=\"tidemark\"");
  }
  return reply;
}

}  // namespace tidemark::daemon
