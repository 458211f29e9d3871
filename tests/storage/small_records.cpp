#include <boost/test/unit_test.hpp>

#include "storage/cursors.hpp"
#include "storage/quota.hpp"
#include "storage/repositories.hpp"
#include "storage/secrets.hpp"
#include "storage/windows.hpp"
#include "tests/storage/memory_store.hpp"

namespace tidemark::storage {
namespace {

Sealer example_sealer() {
  KeyRing keys;
  keys.add(1, std::string(32, 'k'));
  return Sealer(keys);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(small_records)

BOOST_FIXTURE_TEST_CASE(every_field_of_a_repository_comes_back, test::MemoryStore) {
  const Repository put{"R_1",          "ada/engine", "https://github.test/ada/engine",
                       true,           true,         -5,
                       12'345'678'901, "gone: 404"};
  write([&](Writer& writer) {
    put_repository(writer, "1", put);
    put_repository(writer, "1", Repository{.id = "R_0", .name = "a/b", .url = "u", .trouble = ""});
    put_repository(writer, "10", Repository{.id = "R_9", .name = "a/b", .url = "u", .trouble = ""});
  });
  const auto got = read([](const Reader& reader) { return find_repository(reader, "1", "R_1"); });
  BOOST_REQUIRE(got);
  BOOST_TEST(got->id == put.id);
  BOOST_TEST(got->name == put.name);
  BOOST_TEST(got->url == put.url);
  BOOST_TEST(got->is_fork);
  BOOST_TEST(got->is_private);
  BOOST_TEST(got->created_s == put.created_s);
  BOOST_TEST(got->commits == put.commits);
  BOOST_TEST(got->trouble == put.trouble);
  const auto all = read([](const Reader& reader) { return list_repositories(reader, "1"); });
  BOOST_REQUIRE_EQUAL(all.size(), 2U);
  BOOST_TEST(all[0].id == "R_0");
  BOOST_TEST(!all[0].is_fork);
}

BOOST_FIXTURE_TEST_CASE(a_cursor_is_replaced_and_erased, test::MemoryStore) {
  const auto find = [](const Reader& reader) { return find_cursor(reader, "1", "sync"); };
  BOOST_TEST(!read(find));
  write([](Writer& writer) { put_cursor(writer, "1", "sync", "{\"at\":1}"); });
  write([](Writer& writer) { put_cursor(writer, "1", "sync", "{\"at\":2}"); });
  BOOST_TEST(read(find).value() == "{\"at\":2}");
  write([](Writer& writer) { erase_cursor(writer, "1", "sync"); });
  BOOST_TEST(!read(find));
}

BOOST_FIXTURE_TEST_CASE(windows_are_listed_by_number_also_below_zero, test::MemoryStore) {
  write([](Writer& writer) {
    put_window(writer, "1", 700, ~std::uint64_t{0});
    put_window(writer, "1", -3, 1);
    put_window(writer, "1", 700, 5);
    put_window(writer, "10", 2, 2);
  });
  const auto list = [](const Reader& reader) { return list_windows(reader, "1"); };
  BOOST_TEST((read(list) == std::map<std::int32_t, std::uint64_t>{{-3, 1}, {700, 5}}));
}

BOOST_FIXTURE_TEST_CASE(every_field_of_a_quota_window_comes_back, test::MemoryStore) {
  const QuotaWindow put{"github:10308",
                        "graphql",
                        5'000,
                        17,
                        1'700'000'000'000,
                        1'700'000'000'001,
                        "secondary",
                        123,
                        456,
                        7,
                        3};
  write([&](Writer& writer) {
    put_quota(writer, put);
    put_quota(writer,
              QuotaWindow{.owner = "github:anonymous", .resource = "core", .blocked_reason = ""});
  });
  const auto find = [](const Reader& reader) {
    return find_quota(reader, "github:10308", "graphql");
  };
  const auto got = read(find);
  BOOST_REQUIRE(got);
  BOOST_TEST(got->owner == put.owner);
  BOOST_TEST(got->resource == put.resource);
  BOOST_TEST(got->limit == put.limit);
  BOOST_TEST(got->remaining == put.remaining);
  BOOST_TEST(got->resets_ms == put.resets_ms);
  BOOST_TEST(got->blocked_until_ms == put.blocked_until_ms);
  BOOST_TEST(got->blocked_reason == put.blocked_reason);
  BOOST_TEST(got->spent == put.spent);
  BOOST_TEST(got->requests == put.requests);
  BOOST_TEST(got->refused == put.refused);
  BOOST_TEST(got->secondary_strikes == put.secondary_strikes);
  BOOST_TEST(read([](const Reader& reader) { return list_quotas(reader); }).size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(a_token_comes_back_and_is_nowhere_in_clear, test::MemoryStore) {
  const auto sealer = example_sealer();
  const Token put{"gho_access", "ghr_refresh", 1'700'000'000'000, "repo user"};
  write([&](Writer& writer) { put_token(writer, sealer, "1", "github", put); });
  const auto find = [&](const Reader& reader) { return find_token(reader, sealer, "1", "github"); };
  const auto got = read(find);
  BOOST_REQUIRE(got);
  BOOST_TEST(got->access == put.access);
  BOOST_TEST(got->refresh == put.refresh);
  BOOST_TEST(got->expires_ms == put.expires_ms);
  BOOST_TEST(got->scope == put.scope);
  const std::string key("1\0github\0", 9);
  const auto row = read([&](const Reader& reader) { return reader.get(Table::secrets, key); });
  BOOST_TEST(row.value().find("gho_") == std::string::npos);
  // Other code seals the row again under a new key: it relies on place and content.
  BOOST_TEST(sealer.open(*row, key).find("gho_access") != std::string::npos);
  write([](Writer& writer) { erase_token(writer, "1", "github"); });
  BOOST_TEST(!read(find));
}

BOOST_FIXTURE_TEST_CASE(a_token_moved_to_another_member_does_not_open, test::MemoryStore) {
  const auto sealer = example_sealer();
  write([&](Writer& writer) {
    put_token(writer, sealer, "1", "github", Token{"a", "b", 0, ""});
    const auto row = writer.get(Table::secrets, std::string("1\0github\0", 9)).value();
    writer.put(Table::secrets, std::string("2\0github\0", 9), row);
  });
  const auto find = [&](const Reader& reader) { return find_token(reader, sealer, "2", "github"); };
  BOOST_CHECK_THROW(read(find), StoreError);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage
