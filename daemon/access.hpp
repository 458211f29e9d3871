#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/server.hpp"

namespace tidemark::daemon {

// Who may use the control doors: plain decisions, tested case by case.
struct AccessRules {
  std::string socket_path;
  std::uint32_t own_user = 0;
  std::uint32_t socket_group = 0;
  std::vector<std::string> allowed_hosts;  // beside localhost, 127.0.0.1 and [::1]
  std::string token;                       // of the TCP door
  // Every group of a user, as the system knows them.
  std::function<std::vector<std::uint32_t>(std::uint32_t user, std::uint32_t primary)> groups_of;
};

struct Refusal {
  unsigned status = 403;
  std::string type, title, detail;
};

// The Unix socket: our own user, root, and members of the socket's group.
[[nodiscard]] std::optional<Refusal> refuse_socket_peer(const AccessRules& rules,
                                                        const http::Peer& peer);
// TCP: a Host that is ours (a page of a rebound name sends its own), no foreign Origin, and the
// bearer token for everything but /health, /health/, / and /github/.
[[nodiscard]] std::optional<Refusal> refuse_tcp_request(const AccessRules& rules,
                                                        const http::Request& request);
[[nodiscard]] http::Reply reply_of(const Refusal& refusal);

[[nodiscard]] std::vector<std::uint32_t> system_groups(std::uint32_t user, std::uint32_t primary);
// "alice", or "uid 1001" when the system knows no name.
[[nodiscard]] std::string user_name(std::uint32_t user);
[[nodiscard]] std::optional<std::string> group_name(std::uint32_t group);
[[nodiscard]] std::optional<std::uint32_t> group_id(const std::string& name);

// The token of the TCP door: read, or made (0600) at first start. Throws std::runtime_error naming
// file and remedy: not readable, readable by others, or too short.
[[nodiscard]] std::string load_control_token(const std::string& file);

}  // namespace tidemark::daemon
