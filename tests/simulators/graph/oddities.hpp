#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulators/world.hpp"

namespace tidemark::simulators {

// What a real graph has and a tidy one has not.
//   renamed       the login is another one now, the old one answers 404
//   taken         renamed, and somebody new has the old login
//   deleted       gone with all follows
//   suspended     404 and null wherever it would be shown, but lists still count it
//   organization  a new one, which the account follows
//   bot           a new one, which the account follows
//   celebrity     gets `amount` followers; new accounts are made when there are not enough
//   self_loop     follows itself
//   nothing       a new account without anything, which the account follows
//   mixed_case    the login is written in Mixed Case
//   legacy_id     has a node id of the old style
struct Oddity {
  std::string kind;
  std::string login;         // empty: anybody, by the seed
  std::uint64_t amount = 0;  // of a celebrity's followers; 0: 100 pages and a bit
  std::uint64_t seed = 1;
};
[[nodiscard]] const std::vector<std::string_view>& oddity_kinds();
// What was done: {"kind","login","id","was"?,"by"?}. Throws WorldError. Accounts in `spared` (lower
// case), and the one with most followers, are not chosen by the seed.
boost::json::object plant_oddity(World& world, const Oddity& oddity,
                                 const std::set<std::string>& spared = {});
// One of each.
boost::json::array plant_oddities(World& world, std::uint64_t seed,
                                  const std::set<std::string>& spared = {});

}  // namespace tidemark::simulators
