#include "tests/simulators/graph/oddities.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tests/simulators/numbers.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

constexpr std::uint64_t celebrity_followers = 10'050;
constexpr int tries_most = 10'000;

const Account& best_known(const World& world) {
  const Account* best = nullptr;
  std::size_t most = 0;
  for (const Account& each : world.accounts()) {
    std::size_t count = world.graph().followers(each.index).size();
    if (each.generated && each.visible() && each.person() && (best == nullptr || count > most)) {
      best = &each;
      most = count;
    }
  }
  if (best == nullptr) throw WorldError("no graph to plant oddities in; see --edges");
  return *best;
}

// Somebody with neighbours, so that a crawl comes by.
Account& anybody(World& world, Numbers& numbers, const std::set<std::string>& spared) {
  const Account& best = best_known(world);
  for (int i = 0; i < tries_most; ++i) {
    const Account& one = world.accounts()[numbers.below(world.accounts().size())];
    bool known = !world.graph().followers(one.index).empty();
    bool plain = one.generated && one.visible() && one.person() && !one.bare && &one != &best;
    if (plain && known && !spared.contains(lower_case(one.login))) return world.known(one.login);
  }
  throw WorldError("the graph is too small to plant this oddity");
}

std::string free_login(const World& world, const std::string& wanted) {
  std::string login = wanted;
  for (int i = 2; world.find_login(login) != nullptr; ++i) login = fmt::format("{}-{}", wanted, i);
  return login;
}

std::string in_mixed_case(std::string login) {
  for (std::size_t i = 0; i < login.size(); i += 2) {
    if (login[i] >= 'a' && login[i] <= 'z') login[i] = static_cast<char>(login[i] - 'a' + 'A');
  }
  return login;
}

void make_celebrity(World& world, const Account& star, std::uint64_t amount) {
  std::vector<Follow> follows;
  std::uint64_t have = world.graph().followers(star.index).size();
  for (const Account& each : world.accounts()) {
    if (have >= amount) break;
    bool plain = each.generated && each.visible() && each.person() && !each.bare;
    if (!plain || &each == &star) continue;
    auto following = world.graph().following(each.index);
    if (std::binary_search(following.begin(), following.end(), star.index)) continue;
    follows.push_back({each.index, star.index});
    ++have;
  }
  for (std::uint64_t i = 0; have < amount; ++i) {
    std::string login = fmt::format("fan{:06}", i);
    if (world.find_login(login) != nullptr) continue;
    follows.push_back({world.add_generated(login, world.next_id()).index, star.index});
    ++have;
  }
  world.graph().add(follows);
}

// A new account that `by` follows.
Account& followed_by(World& world, const Account& by, const std::string& login) {
  Account& made = world.add_generated(free_login(world, login), world.next_id(), true);
  world.graph().follow(by.index, made.index);
  return made;
}

// Somebody new with the login that has become free; follows and is followed by `friend_of_it`.
void take_login(World& world, const std::string& login, const Account& friend_of_it) {
  const Account& made = world.add_generated(login, world.next_id());
  world.graph().follow(friend_of_it.index, made.index);
  world.graph().follow(made.index, friend_of_it.index);
}

void change(World& world, const Oddity& oddity, Account& one, json::object& done) {
  if (oddity.kind == "renamed" || oddity.kind == "taken") {
    std::string was = one.login;
    done["was"] = was;
    world.rename_account(was, free_login(world, was + "-renamed"));
    if (oddity.kind == "taken") {
      take_login(world, was, best_known(world));
      done["by"] = world.find_login(was)->database_id;
    }
  } else if (oddity.kind == "mixed_case") {
    done["was"] = one.login;
    world.rename_account(one.login, in_mixed_case(one.login));
  } else if (oddity.kind == "deleted") {
    world.delete_account(one.login);
  } else if (oddity.kind == "suspended") {
    one.suspended = true;
  } else if (oddity.kind == "celebrity") {
    make_celebrity(world, one, oddity.amount == 0 ? celebrity_followers : oddity.amount);
    done["followers"] = world.graph().followers(one.index).size();
  } else if (oddity.kind == "self_loop") {
    world.graph().follow(one.index, one.index);
  } else {
    one.node_id = make_legacy_node_id("User", one.database_id);
  }
}

}  // namespace

const std::vector<std::string_view>& oddity_kinds() {
  static const std::vector<std::string_view> kinds{
      "renamed",   "taken",     "deleted", "suspended",  "organization", "bot",
      "celebrity", "self_loop", "nothing", "mixed_case", "legacy_id"};
  return kinds;
}

json::object plant_oddity(World& world, const Oddity& oddity, const std::set<std::string>& spared) {
  const auto& kinds = oddity_kinds();
  if (std::find(kinds.begin(), kinds.end(), oddity.kind) == kinds.end()) {
    throw WorldError("no oddity \"" + oddity.kind + "\"; there are " +
                     fmt::format("{}", fmt::join(kinds, ", ")));
  }
  Numbers numbers(oddity.seed);
  Account& one = oddity.login.empty() ? anybody(world, numbers, spared) : world.known(oddity.login);
  json::object done{{"kind", oddity.kind}};
  const Account* concerned = &one;
  if (oddity.kind == "organization") {
    Account& made = followed_by(world, one, "some-organization");
    made.organization = true;
    made.node_id = make_node_id("O", made.database_id);
    concerned = &made;
  } else if (oddity.kind == "bot") {
    Account& made = followed_by(world, one, "some-robot[bot]");
    made.bot = true;
    made.node_id = make_node_id("BOT", made.database_id);
    concerned = &made;
  } else if (oddity.kind == "nothing") {
    concerned = &followed_by(world, one, "nobody-at-all");
  } else {
    change(world, oddity, one, done);
  }
  done["login"] = concerned->login;
  done["id"] = concerned->database_id;
  if (concerned != &one) done["followed_by"] = one.login;
  return done;
}

json::array plant_oddities(World& world, std::uint64_t seed, const std::set<std::string>& spared) {
  json::array done;
  std::set<std::string> touched = spared;
  for (std::string_view kind : oddity_kinds()) {
    Oddity oddity{std::string(kind), {}, 0, seed++};
    json::object one = plant_oddity(world, oddity, touched);
    touched.insert(lower_case(std::string(one["login"].as_string())));
    done.push_back(std::move(one));
  }
  return done;
}

}  // namespace tidemark::simulators
