#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>

#include "storage/graph/frontier.hpp"
#include "storage/graph/names.hpp"
#include "storage/graph/repository.hpp"
#include "storage/graph/user.hpp"
#include "tests/storage/memory_store.hpp"
#include "tests/support/simulation.hpp"

namespace tidemark::storage::graph {
namespace {

struct Former {
  UserId id = 0;
  std::int64_t since_ms = 0;
};

// The rules of user.hpp and repository.hpp over plain maps.
struct Model {
  std::map<UserId, User> users;
  std::map<std::string, Former> former;  // logins given up
  std::map<RepositoryId, Repository> repositories;

  void put(const User& user) {
    const auto login = lower_case(user.login);
    if (const auto found = users.find(user.id); found != users.end()) {
      const auto before = lower_case(found->second.login);
      if (!before.empty() && before != login) former[before] = {user.id, user.last_seen_ms};
    }
    if (!login.empty()) former.erase(login);
    for (auto& [id, other] : users) {
      if (!login.empty() && id != user.id && lower_case(other.login) == login) other.login = "";
    }
    users[user.id] = user;
  }

  void erase(UserId id) {
    users.erase(id);
    std::erase_if(former, [&](const auto& name) { return name.second.id == id; });
  }

  std::int64_t holder(const std::string& login) const {
    for (const auto& [id, user] : users) {
      if (lower_case(user.login) == login) return static_cast<std::int64_t>(id);
    }
    const auto found = former.find(login);
    return found == former.end() ? 0 : -static_cast<std::int64_t>(found->second.id);
  }

  std::vector<UserId> order(UserOrder order) const {
    std::vector<std::tuple<std::string, std::int64_t, UserId>> all;
    for (const auto& [id, user] : users) {
      const bool counted = order == UserOrder::created || order == UserOrder::followers;
      if (counted && user.read_ms == 0) continue;
      if (order == UserOrder::login && user.login.empty()) continue;
      const auto number = order == UserOrder::created
                              ? user.profile.created_s
                              : static_cast<std::int64_t>(user.profile.followers);
      all.emplace_back(order == UserOrder::login ? lower_case(user.login) : "",
                       counted ? -number : 0, id);
    }
    std::ranges::sort(all);
    std::vector<UserId> ids;
    for (const auto& each : all) ids.push_back(std::get<2>(each));
    return ids;
  }

  std::vector<UserId> next(std::int64_t now_ms, std::uint32_t depth_most) const {
    std::vector<std::tuple<std::uint8_t, std::uint32_t, std::int64_t, UserId>> places;
    for (const auto& [id, user] : users) {
      if (!user.place || user.place->due_ms > now_ms || user.place->depth > depth_most) continue;
      places.emplace_back(user.place->rank, user.place->depth, user.place->due_ms, id);
    }
    std::ranges::sort(places);
    std::vector<UserId> ids;
    for (const auto& place : places) ids.push_back(std::get<3>(place));
    return ids;
  }

  std::optional<std::int64_t> next_due(std::int64_t now_ms) const {
    std::optional<std::int64_t> due;
    for (const auto& [id, user] : users) {
      if (!user.place || user.place->due_ms <= now_ms) continue;
      if (!due || user.place->due_ms < *due) due = user.place->due_ms;
    }
    return due;
  }
};

class Walk {
 public:
  explicit Walk(std::uint64_t seed) : dice_(seed) {}

  void step() {
    switch (dice_.below(8)) {
      case 0: return erase_one();
      case 1: return forget_names();
      case 2:
      case 3: return change_repository();
      default: return put_one();
    }
  }

  void compare() {
    for (UserId id = 1; id <= 12; ++id) {
      const auto got = store_.read([&](const Reader& reader) { return find_user(reader, id); });
      const auto found = model_.users.find(id);
      BOOST_REQUIRE(found == model_.users.end() ? !got : got == found->second);
    }
    for (const auto& login : logins_) BOOST_REQUIRE_EQUAL(holder(login), model_.holder(login));
    for (const auto order :
         {UserOrder::id, UserOrder::login, UserOrder::created, UserOrder::followers})
      BOOST_REQUIRE(list(order) == model_.order(order));
    const auto now_ms = static_cast<std::int64_t>(dice_.below(12));
    const auto depth = static_cast<std::uint32_t>(dice_.below(5));
    std::vector<UserId> next;
    const auto due = store_.read([&](const Reader& reader) {
      for (const auto& entry : next_in_frontier(reader, now_ms, depth, 99))
        next.push_back(entry.id);
      return next_due_ms(reader, now_ms);
    });
    BOOST_REQUIRE(next == model_.next(now_ms, depth));
    BOOST_REQUIRE(due == model_.next_due(now_ms));
    for (RepositoryId id = 1; id <= 6; ++id) {
      const auto got =
          store_.read([&](const Reader& reader) { return find_repository(reader, id); });
      const auto found = model_.repositories.find(id);
      BOOST_REQUIRE(found == model_.repositories.end() ? !got : got == found->second);
    }
  }

  // Which recounts the totals, and compares every index both ways.
  void check() { BOOST_REQUIRE_EQUAL(store_.first_problem(), ""); }

 private:
  void put_one() {
    const UserId id = 1 + dice_.below(12);
    User user;
    if (const auto found = model_.users.find(id); found != model_.users.end()) user = found->second;
    user.id = id;
    if (user.node_id.empty() || dice_.below(9) == 0)
      user.node_id = "N" + std::to_string(id) + "." + std::to_string(dice_.below(3));
    if (user.login.empty() || dice_.below(3) == 0) user.login = dice_.pick(logins_);
    if (dice_.below(2) == 0) user.login[0] = static_cast<char>(std::toupper(user.login[0]));
    user.kind = static_cast<UserKind>(1 + dice_.below(3));
    user.presence = static_cast<Presence>(1 + dice_.below(2));
    user.last_seen_ms = static_cast<std::int64_t>(dice_.below(20));
    user.read_ms = static_cast<std::int64_t>(dice_.below(3));
    user.profile.created_s = static_cast<std::int64_t>(dice_.below(7)) - 3;
    user.profile.followers = dice_.below(4);
    user.place.reset();
    if (dice_.below(3) != 0)
      user.place = Place{static_cast<std::uint8_t>(1 + dice_.below(3)),
                         static_cast<std::uint32_t>(dice_.below(4)),
                         static_cast<std::int64_t>(dice_.below(10))};
    store_.write([&](Writer& writer) { put_user(writer, user); });
    model_.put(user);
  }

  void erase_one() {
    User user;
    user.id = 1 + dice_.below(12);
    user.login = dice_.pick(logins_);  // what the caller holds may be old
    store_.write([&](Writer& writer) { erase_user(writer, user); });
    model_.erase(user.id);
  }

  void forget_names() {
    const auto before_ms = static_cast<std::int64_t>(dice_.below(20));
    std::string after;
    const auto most = 1 + dice_.below(4);
    for (bool more = true; more;) {
      const auto next = store_.write(
          [&](Writer& writer) { return erase_former_names(writer, before_ms, after, most); });
      more = next.has_value();
      after = next.value_or("");
    }
    std::erase_if(model_.former,
                  [&](const auto& name) { return name.second.since_ms < before_ms; });
  }

  void change_repository() {
    Repository repository;
    repository.id = 1 + dice_.below(6);
    repository.owner = 1 + dice_.below(12);
    repository.stargazers = dice_.below(300);
    if (dice_.below(3) == 0) {
      store_.write([&](Writer& writer) { erase_repository(writer, repository); });
      model_.repositories.erase(repository.id);
      return;
    }
    store_.write([&](Writer& writer) { put_repository(writer, repository); });
    model_.repositories[repository.id] = repository;
  }

  std::int64_t holder(const std::string& login) {
    const auto found = store_.read([&](const Reader& reader) { return find_login(reader, login); });
    if (!found) return 0;
    const auto id = static_cast<std::int64_t>(found->id);
    return found->former ? -id : id;
  }

  std::vector<UserId> list(UserOrder order) {
    return store_.read([&](const Reader& reader) {
      std::vector<UserId> ids;
      const auto visit = [&](const User& user, const UserPosition&) {
        ids.push_back(user.id);
        return true;
      };
      scan_users(reader, order, std::nullopt, "", visit);
      return ids;
    });
  }

  storage::test::MemoryStore store_;
  storage::test::Dice dice_;
  Model model_;
  const std::vector<std::string> logins_{"a", "b", "c", "ab", "abc", "d", "e", "f-g"};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(graph_properties)

BOOST_AUTO_TEST_CASE(any_sequence_of_changes_behaves_like_plain_maps) {
  const auto seed = tidemark::test::test_seed();
  BOOST_TEST_CONTEXT("TIDEMARK_SEED=" << seed) {
    Walk walk(seed);
    for (int step = 0; step < 1'500; ++step) {
      BOOST_TEST_CONTEXT("step " << step) {
        walk.step();
        walk.compare();
        if (step % 25 == 0) walk.check();
      }
    }
    walk.check();
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage::graph
