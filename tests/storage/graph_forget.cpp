#include <boost/test/unit_test.hpp>

#include "storage/check.hpp"
#include "storage/codec.hpp"
#include "storage/graph/edge_rows.hpp"
#include "storage/graph/etags.hpp"
#include "storage/graph/forgotten.hpp"
#include "storage/graph/frontier.hpp"
#include "storage/graph/repository.hpp"
#include "storage/purge.hpp"
#include "storage/rocks/open.hpp"
#include "storage/rows.hpp"
#include "tests/storage/example_store.hpp"
#include "tests/storage/folder.hpp"
#include "tests/storage/memory_store.hpp"
#include "tests/storage/purge_whole.hpp"
#include "tests/support/traces.hpp"

namespace tidemark::storage::graph {
namespace {

// Digits and bytes that nothing else is made of.
constexpr UserId person = 0x5a'5b5c'5d5e;
constexpr UserId friend_of_theirs = 77'777;
constexpr std::uint64_t followers = 300;

User the_person() {
  User user;
  user.id = person;
  user.login = "Lady-Byron";
  user.node_id = "U_kgDOadas";
  user.depth = 1;
  user.read_ms = 9;
  user.profile.name = "Augusta Ada King";
  user.profile.email = "ada@engine.test";
  user.profile.followers = followers;
  user.place = Place{rank_stale, 0, 99};
  return user;
}

// In any form in which a row may hold it.
std::vector<std::string> traces() {
  const auto user = the_person();
  return {user.login,
          lower_case(user.login),
          "countess",
          user.node_id,
          user.profile.name,
          user.profile.email,
          "analytical engine",
          std::to_string(person),
          KeyWriter().u40(person).bytes(),
          ValueWriter(1).u64(person).take().substr(1)};
}

void write_person(Writer& writer) {
  User before = the_person();
  before.login = "Countess";
  put_user(writer, before);
  put_user(writer, the_person());
  User other;
  other.id = friend_of_theirs;
  other.login = "babbage";
  put_user(writer, other);
  for (const std::string name : {"one", "two"}) {
    Repository repository;
    repository.id = name == "one" ? 900 : person;
    repository.owner = person;
    repository.name = name;
    repository.description = "analytical engine";
    put_repository(writer, repository);
  }
  ListReading reading;
  reading.user = person;
  reading.next = "/user/" + std::to_string(person) + "/followers?page=2";
  put_list_reading(writer, reading);
  note_seen(writer, person, List::followers, {friend_of_theirs, 1, 2, 3});
  reading.user = friend_of_theirs;
  reading.next = "other";
  reading.compares = true;
  put_list_reading(writer, reading);
  note_seen(writer, friend_of_theirs, List::followers, {person, 4});
  put_seed(writer, {"Countess", 5, 0, "", 0});
  put_seed(writer, {"called-so-once", 5, person, "", 0});
  put_seed(writer, {"babbage", 5, friend_of_theirs, "", 0});
  put_etag(writer, "/users/lady-byron", "\"1\"");
  put_etag(writer, "/users/Countess/repos", "\"2\"");
  put_etag(writer, "http://127.0.0.1/user/" + std::to_string(person), "\"3\"");
  put_etag(writer, "/users/babbage", "\"4\"");
}

void write_edges(Writer& writer) {
  std::vector<Edge> edges = {{person, friend_of_theirs}, {friend_of_theirs, 1}};
  for (std::uint64_t other = 1; other <= followers; ++other) edges.push_back({other, person});
  put_edges(writer, EdgeKind::follows, edges);
  // The repository has the number of the account, and others' stars.
  put_edges(writer, EdgeKind::stars,
            std::vector<Edge>{{person, 1}, {friend_of_theirs, person}, {friend_of_theirs, 901}});
}

void end_edges(Writer& writer) {
  end_edge(writer, EdgeKind::follows, {1, person}, 8);
  end_edge(writer, EdgeKind::follows, {person, friend_of_theirs}, 8);
}

std::vector<std::string> rows_with(const Reader& reader, const std::string& trace) {
  std::vector<std::string> rows;
  for (int number = 0; number < 256; ++number) {
    const auto table = static_cast<Table>(number);
    const auto visit = [&](std::string_view key, std::string_view value) {
      if (key.find(trace) != key.npos || value.find(trace) != value.npos)
        rows.push_back(readable(table, key));
      return true;
    };
    reader.scan(table, "", "", visit);
  }
  return rows;
}

// Calls until nothing is left; how many it took.
template <class Write>
int forget(const Write& write, std::size_t most) {
  int pieces = 0;
  bool done = false;
  const auto piece = [&](Writer& writer) { done = forget_user(writer, the_person(), most); };
  while (!done) {  // NOLINT(bugprone-infinite-loop): the piece sets it
    write(piece);
    ++pieces;
  }
  return pieces;
}

struct Forgetting : storage::test::MemoryStore {
  Forgetting() {
    write([](Writer& writer) { storage::test::fill_example(writer); });
    write(write_person);
    write(write_edges);
    write(end_edges);
  }
  std::vector<std::string> rows(const std::string& trace) {
    return read([&](const Reader& reader) { return rows_with(reader, trace); });
  }
  bool denies(UserId id, const std::string& login) {
    const auto load = [](const Reader& reader) { return DenyList::load(reader); };
    return read(load).denies(id, login);
  }
};

const std::vector<std::string> none;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(graph_forgetting, Forgetting)

BOOST_AUTO_TEST_CASE(no_table_holds_anything_of_a_forgotten_account) {
  BOOST_TEST(first_problem() == "");
  for (const auto& trace : traces()) BOOST_TEST(!rows(trace).empty(), trace);
  const auto body = [this](const auto& one) { write(one); };
  BOOST_TEST(forget(body, 1'000) == 1);
  for (const auto& trace : traces())
    BOOST_TEST(rows(trace) == none, boost::test_tools::per_element());
  BOOST_TEST(first_problem() == "");
  BOOST_TEST(read([](const Reader& reader) { return is_purge_owed(reader); }));
}

BOOST_AUTO_TEST_CASE(others_keep_everything) {
  const auto before = rows("babbage");
  forget([this](const auto& one) { write(one); }, 1'000);
  BOOST_TEST(rows("babbage") == before, boost::test_tools::per_element());
  const auto edges = [](const Reader& reader) {
    return has_edge(reader, EdgeKind::follows, {friend_of_theirs, 1}) &&
           has_edge(reader, EdgeKind::stars, {friend_of_theirs, 901}) &&
           was_seen(reader, friend_of_theirs, List::followers, 4) &&
           find_list_reading(reader, friend_of_theirs, List::followers).has_value();
  };
  BOOST_TEST(read(edges));
}

BOOST_AUTO_TEST_CASE(a_celebrity_is_forgotten_in_pieces_and_is_gone_at_once) {
  int pieces = 0;
  const auto body = [&](const auto& one) {
    write(one);
    ++pieces;
    const auto find = [](const Reader& reader) {
      return find_user(reader, person).has_value() || find_login(reader, "countess").has_value();
    };
    BOOST_TEST(!read(find));
    BOOST_TEST(first_problem() == "");
  };
  BOOST_TEST(forget(body, 20) >= 15);
  for (const auto& trace : traces())
    BOOST_TEST(rows(trace) == none, boost::test_tools::per_element());
  // Again, when nobody is left.
  BOOST_TEST(forget(body, 20) == 1);
}

BOOST_AUTO_TEST_CASE(who_is_denied_stays_so_and_is_named_nowhere) {
  write([](Writer& writer) {
    deny_user(writer, person, the_person().login, 5);
    (void)forget_user(writer, the_person(), 10'000);
  });
  for (const auto& trace : traces())
    BOOST_TEST(rows(trace) == none, boost::test_tools::per_element());
  BOOST_TEST(denies(person, ""));
  BOOST_TEST(denies(0, "LADY-byron"));
  BOOST_TEST(!denies(5, "lady-byron"));  // somebody else took the name
  BOOST_TEST(!denies(5, "ada"));
  BOOST_TEST(!denies(0, ""));
  write([](Writer& writer) { allow_login(writer, "Lady-Byron"); });
  BOOST_TEST(!denies(person, "lady-byron"));
  BOOST_TEST(!denies(0, "lady-byron"));
  BOOST_TEST(denies(0, "nobody"));  // the example's
}

BOOST_AUTO_TEST_CASE(each_store_has_digests_of_its_own) {
  const auto digests = [](test::MemoryStore& store) {
    store.write([](Writer& writer) { deny_login(writer, "ada", 5); });
    return store.read([](const Reader& reader) {
      std::vector<std::string> keys;
      const auto add = [&](std::string_view key, std::string_view) {
        keys.emplace_back(key);
        return true;
      };
      reader.scan(Table::graph_denied, "", "", add);
      return keys;
    });
  };
  test::MemoryStore one, other;
  const auto first = digests(one);
  BOOST_REQUIRE_EQUAL(first.size(), 1U);
  BOOST_TEST((first == digests(one)));  // twice is once
  BOOST_TEST((first != digests(other)));
}

BOOST_AUTO_TEST_CASE(a_purge_takes_a_forgotten_account_off_the_disk) {
  test::Folder folder{test::Folder::in_memory()};
  RocksOptions options;
  options.write_buffer_bytes = 64 * 1024;
  const auto engine = open_rocks(folder.store(), options);
  const auto body = [&](const std::function<void(Writer&)>& one) { engine->write(one); };
  body(write_person);
  body(write_edges);
  for (std::uint64_t node = 1; node < 200; ++node) {
    std::vector<Edge> edges;
    for (std::uint64_t to = 1; to < 50; ++to) edges.push_back({node * 1'000, to * 7'919});
    body([&](Writer& writer) { put_edges(writer, EdgeKind::follows, edges); });
  }
  body(end_edges);
  forget(body, 100);
  BOOST_TEST(test::purge_whole(*engine));
  BOOST_TEST(tidemark::test::traces_in(folder.store(), traces()) == none,
             boost::test_tools::per_element());
  engine->read([](const Reader& reader) { BOOST_TEST(check_store(reader).problems == none); });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage::graph
