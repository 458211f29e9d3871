#pragma once

#include <string>
#include <string_view>

#include "tests/simulators/openhumans.hpp"

namespace tidemark::simulators {

constexpr std::string_view site_name = "Open Humans (simulated)";
constexpr std::string_view authorize_path = "/direct-sharing/projects/oauth2/authorize/";
constexpr std::string_view login_path = "/account/login/";
constexpr std::string_view person_cookie = "sim_oh";     // who is signed in: an id
constexpr std::string_view next_cookie = "sim_oh_next";  // where to go on after signing in

[[nodiscard]] inline std::string shown_name(const OpenHumansMember& member) {
  return member.username.empty() ? member.id : member.username;
}

}  // namespace tidemark::simulators
