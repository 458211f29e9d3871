#pragma once

#include <boost/test/unit_test.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "jobs/discovery/take.hpp"
#include "storage/check.hpp"
#include "storage/graph/edges.hpp"
#include "storage/migrations.hpp"
#include "storage/rocks/open.hpp"

namespace tidemark::test {

// What GitHub says of an account: profile and whole lists, as one answer.
struct Told {
  std::vector<storage::graph::UserId> followers = {}, following = {};
  std::uint64_t counted_more = 0;  // how many followers GitHub counts beyond those it lists
};

// A store, and answers as they would come: each `take` is a transaction.
struct TakingRoom {
  using UserId = storage::graph::UserId;
  using List = storage::graph::List;
  using User = storage::graph::User;
  using Body = std::function<void(storage::Writer&, jobs::discovery::Taking&)>;

  TakingRoom() {
    (void)storage::migrate(*engine, storage::migrations(), "memory");
    settings.depth_most = 3;
  }

  jobs::discovery::Taking take(const Body& body) {
    jobs::discovery::Taking result = taking();
    engine->write([&](storage::Writer& writer) {
      denied = storage::graph::DenyList::load(writer);
      body(writer, result);
    });
    for (const auto& [entry, depth] : result.learnt) familiar.learn(entry.id, entry.login, depth);
    return result;
  }
  jobs::discovery::Taking taking() {
    return {.now_ms = now_ms,
            .settings = settings,
            .denied = denied,
            .familiar = familiar,
            .room = room};
  }
  static jobs::discovery::Entry entry(UserId id) {
    return {id, "U_" + std::to_string(id), "user" + std::to_string(id)};
  }
  void name(UserId id, std::uint32_t depth) {
    take([&](auto& writer, auto& now) { (void)take_entry(writer, now, entry(id), depth); });
  }

  static jobs::discovery::ListPage page(List list, const std::vector<UserId>& ids) {
    jobs::discovery::ListPage page;
    page.list = list;
    for (const UserId id : ids) page.entries.push_back(entry(id));
    page.total = ids.size();
    return page;
  }
  static jobs::discovery::AccountNews news(UserId id, const Told& told = {}) {
    storage::graph::Profile profile;
    profile.followers = told.followers.size() + told.counted_more;
    profile.following = told.following.size();
    return {entry(id), profile};
  }
  void tell(storage::Writer& writer, jobs::discovery::Taking& now, UserId id, const Told& told) {
    User user = found(writer, id);
    take_account(writer, now, user, news(id, told));
    auto followers = page(List::followers, told.followers);
    *followers.total += told.counted_more;
    user = found(writer, id);
    take_page(writer, now, user, followers);
    user = found(writer, id);
    take_page(writer, now, user, page(List::following, told.following));
    user = found(writer, id);
    take_page(writer, now, user, page(List::repositories, {}));
  }
  void tell(UserId id, const Told& told) {
    take([&](auto& writer, auto& now) { tell(writer, now, id, told); });
  }
  jobs::discovery::Taking confirm(const std::vector<UserId>& batch, bool agrees = true) {
    return take([&](auto& writer, auto& now) { take_confirmation(writer, now, batch, agrees); });
  }

  static User found(const storage::Reader& reader, UserId id) {
    const auto user = storage::graph::find_user(reader, id);
    BOOST_REQUIRE_MESSAGE(user, "account " << id << " is not there");
    return *user;
  }
  User user(UserId id) {
    User result;
    read([&](const storage::Reader& reader) { result = found(reader, id); });
    return result;
  }
  bool is_known(UserId id) {
    bool known = false;
    read([&](const storage::Reader& reader) {
      known = storage::graph::find_user(reader, id).has_value();
    });
    return known;
  }
  storage::graph::ListState state(UserId id, List list = List::followers) {
    return user(id).list(list).state;
  }
  // Both rows of the edge, or neither.
  bool follows(UserId from, UserId to) {
    using namespace storage::graph;
    bool there = false, mirrored = false;
    read([&](const storage::Reader& reader) {
      there = has_edge(reader, EdgeKind::follows, {from, to});
      const auto each = [&](std::uint64_t other) {
        mirrored = mirrored || other == from;
        return true;
      };
      scan_neighbours(reader, EdgeKind::follows, Direction::incoming, to, std::nullopt, each);
    });
    BOOST_TEST(there == mirrored);
    return there;
  }
  std::size_t ended_from(UserId from) {
    std::size_t count = 0;
    read([&](const storage::Reader& reader) {
      storage::graph::scan_ended_edges(reader, from, [&](const auto&) { return ++count > 0; });
    });
    return count;
  }
  void read(const std::function<void(const storage::Reader&)>& body) { engine->read(body); }
  void check() {
    read([](const storage::Reader& reader) {
      for (const auto& problem : storage::check_store(reader).problems) BOOST_TEST(false, problem);
    });
  }
  void pass_days(std::int64_t days) { now_ms += days * 86'400'000; }

  std::unique_ptr<storage::Engine> engine = storage::open_rocks_in_memory();
  jobs::discovery::DiscoverySettings settings;
  storage::graph::DenyList denied;
  jobs::discovery::Familiar familiar;
  std::int64_t now_ms = 1'767'571'200'000;
  std::uint64_t room = 1'000'000;
};

}  // namespace tidemark::test
