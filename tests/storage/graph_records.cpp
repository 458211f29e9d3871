#include <boost/test/unit_test.hpp>

#include "storage/codec.hpp"
#include "storage/graph/capability.hpp"
#include "storage/graph/etag_rows.hpp"
#include "storage/graph/etags.hpp"
#include "storage/graph/repository.hpp"
#include "storage/graph/row_decoders.hpp"
#include "tests/storage/memory_store.hpp"

namespace tidemark::storage::graph {
namespace {

Repository repository(RepositoryId id, UserId owner) {
  Repository made;
  made.id = id;
  made.owner = owner;
  made.name = "r" + std::to_string(id);
  return made;
}

struct Records : storage::test::MemoryStore {
  void put(const Repository& made) {
    write([&](Writer& writer) { put_repository(writer, made); });
  }
  std::optional<Repository> find(RepositoryId id) {
    return read([&](const Reader& reader) { return find_repository(reader, id); });
  }
  std::vector<RepositoryId> of(UserId owner, std::optional<RepositoryId> after = {}) {
    return read([&](const Reader& reader) {
      std::vector<RepositoryId> ids;
      const auto visit = [&](const Repository& each) {
        ids.push_back(each.id);
        return true;
      };
      scan_repositories_of(reader, owner, after, visit);
      return ids;
    });
  }
};

using Ids = std::vector<RepositoryId>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(graph_records, Records)

BOOST_AUTO_TEST_CASE(every_field_of_a_repository_comes_back) {
  Repository made = repository(17, 5);
  put(made);
  BOOST_TEST((find(17) == made));
  made = {17,
          5,
          "R_1",
          "engine",
          "analytical",
          "https://e.test",
          "C++",
          -1,
          2,
          3,
          4,
          5,
          6,
          7,
          true,
          true,
          true,
          true,
          true,
          true,
          true,
          true,
          false,
          8,
          3,
          10};
  put(made);
  BOOST_TEST((find(17) == made));
  made.has_pages = true;
  made.has_downloads = false;
  made.open_issues = std::nullopt;
  made.is_fork = made.has_projects = false;
  made.gone_ms = 0;
  put(made);
  BOOST_TEST((find(17) == made));
  BOOST_TEST(first_problem() == "");
}

BOOST_AUTO_TEST_CASE(a_repository_with_another_owner_leaves_the_former_one) {
  put(repository(17, 5));
  put(repository(18, 5));
  put(repository(17, 6));
  BOOST_TEST((of(5) == Ids{18}));
  BOOST_TEST((of(6) == Ids{17}));
  BOOST_TEST(find(17)->owner == 6U);
  const auto count = [](const Reader& reader) { return totals(reader).repositories; };
  BOOST_TEST(read(count) == 2U);
  // Whoever holds what was before erases what is now.
  write([](Writer& writer) { erase_repository(writer, repository(17, 5)); });
  BOOST_TEST(!find(17));
  BOOST_TEST(of(6).empty());
  BOOST_TEST(read(count) == 1U);
  write([](Writer& writer) { erase_repository(writer, repository(17, 5)); });
  BOOST_TEST(read(count) == 1U);
  BOOST_TEST(first_problem() == "");
}

BOOST_AUTO_TEST_CASE(repositories_come_by_owner_and_number) {
  for (const auto id : Ids{30, 10, 20}) put(repository(id, 5));
  put(repository(15, 4));
  BOOST_TEST((of(5) == Ids{10, 20, 30}));
  BOOST_TEST((of(5, 10) == Ids{20, 30}));
  const auto all = [this](const std::optional<RepositoryPosition>& after) {
    return read([&](const Reader& reader) {
      Ids ids;
      const auto visit = [&](const Repository& each) {
        ids.push_back(each.id);
        return ids.size() < 3;
      };
      scan_repositories(reader, after, visit);
      return ids;
    });
  };
  BOOST_TEST((all(std::nullopt) == Ids{15, 10, 20}));
  BOOST_TEST((all(RepositoryPosition{5, 10}) == Ids{20, 30}));
}

BOOST_AUTO_TEST_CASE(a_capability_that_nobody_tried_is_ok) {
  const auto find = [](const Reader& reader) { return find_capability(reader, List::stars); };
  BOOST_TEST((read(find).list == List::stars));
  BOOST_TEST((read(find).ability == Ability::ok));
  const Capability put{List::stars, Ability::degraded, "3 of 20 were empty", 5, 6, 17, 3,
                       2,           {7, 65'535}};
  write([&](Writer& writer) { put_capability(writer, put); });
  const auto got = read(find);
  BOOST_TEST((got.ability == put.ability));
  BOOST_TEST(got.evidence == put.evidence);
  BOOST_TEST(got.since_ms == put.since_ms);
  BOOST_TEST(got.looked_ms == put.looked_ms);
  BOOST_TEST(got.good == put.good);
  BOOST_TEST(got.bad == put.bad);
  BOOST_TEST(got.bad_in_a_row == put.bad_in_a_row);
  BOOST_TEST(got.bad_accounts == put.bad_accounts);
}

BOOST_AUTO_TEST_CASE(an_etag_is_kept_byte_for_byte_by_its_address) {
  const std::string address = "/users/Octocat/followers?per_page=100";
  const auto find = [&](const Reader& reader) { return find_etag(reader, address); };
  BOOST_TEST(!read(find));
  write([&](Writer& writer) {
    put_etag(writer, address, "W/\"0a\"");
    put_etag(writer, "/users/octocat/followers", "other");
    put_etag(writer, "/meta", "third");
  });
  BOOST_TEST(read(find).value() == "W/\"0a\"");
  write([&](Writer& writer) { erase_etag(writer, address); });
  BOOST_TEST(!read(find));
  BOOST_TEST(first_problem() == "");
}

BOOST_AUTO_TEST_CASE(an_address_tells_whom_it_is_about) {
  BOOST_TEST(subject_of("/user/10308/followers?page=2") == "#10308");
  BOOST_TEST(subject_of("https://api.github.test/user/10308") == subject_of(UserId{10308}));
  BOOST_TEST(subject_of("http://127.0.0.1:8080/users/Octo-Cat?x") == subject_of_login("octo-cat"));
  BOOST_TEST(subject_of("/users?since=/user/5") == "");
  BOOST_TEST(subject_of("/user/") == "");
  BOOST_TEST(subject_of("/rate_limit") == "");
}

BOOST_AUTO_TEST_CASE(a_digest_of_before_is_of_whoever_bears_the_name) {
  const auto row = decode_denied(KeyWriter().text("ab").bytes(), ValueWriter(1).i64(9).take());
  BOOST_TEST(row.digest == "ab");
  BOOST_TEST(row.denied_ms == 9);
  BOOST_TEST((row.name == DeniedName::any));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage::graph
