#include "storage/files.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/storage/memory_store.hpp"

namespace tidemark::storage {
namespace {

RemoteFile example(const std::string& name) {
  RemoteFile file;
  file.name = name;
  file.phase = UploadPhase::completed;
  file.remote_id = 17;
  file.put_url = "https://bucket.example.test/x?Signature=y";
  file.put_url_expires_ms = 1'700'000'000'000;
  file.md5 = "d41d8cd98f00b204e9800998ecf8427e";
  file.size = 5'000'000'000;
  file.first = Week{-2};
  file.last = Week{2'939};
  return file;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(files)

BOOST_FIXTURE_TEST_CASE(every_field_of_a_file_comes_back, test::MemoryStore) {
  const auto put = example("github-2026-W18.json");
  write([&](Writer& writer) { put_file(writer, "1", put); });
  const auto find = [&](const Reader& reader) { return find_file(reader, "1", put.name); };
  const auto got = read(find);
  BOOST_REQUIRE(got);
  BOOST_TEST(got->name == put.name);
  BOOST_TEST((got->phase == put.phase));
  BOOST_TEST(got->remote_id == put.remote_id);
  BOOST_TEST(got->put_url == put.put_url);
  BOOST_TEST(got->put_url_expires_ms == put.put_url_expires_ms);
  BOOST_TEST(got->md5 == put.md5);
  BOOST_TEST(got->size == put.size);
  BOOST_TEST((got->first == put.first));
  BOOST_TEST((got->last == put.last));
}

BOOST_FIXTURE_TEST_CASE(the_upload_under_way_is_not_a_file_that_a_reader_sees, test::MemoryStore) {
  auto upload = example("github-2026.json");
  upload.phase = UploadPhase::stored;
  write([&](Writer& writer) {
    put_file(writer, "1", example("github-2025.json"));
    put_file(writer, "1", example("github-2024.json"));
    put_file(writer, "10", example("github-2023.json"));
    put_upload(writer, "1", upload);
  });
  const auto list = [](const Reader& reader) { return list_files(reader, "1"); };
  const auto files = read(list);
  BOOST_REQUIRE_EQUAL(files.size(), 2U);
  BOOST_TEST(files[0].name == "github-2024.json");
  BOOST_TEST(files[1].name == "github-2025.json");
  const auto find = [](const Reader& reader) { return find_upload(reader, "1"); };
  BOOST_TEST((read(find).value().phase == UploadPhase::stored));
  write([](Writer& writer) {
    erase_upload(writer, "1");
    erase_file(writer, "1", "github-2024.json");
  });
  BOOST_TEST(!read(find));
  BOOST_TEST(read(list).size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(doomed_files_are_listed_by_id_up_to_a_limit, test::MemoryStore) {
  write([](Writer& writer) {
    for (const std::uint64_t id : {300, 2, 70'000}) put_doomed(writer, "1", id);
    put_doomed(writer, "2", 5);
  });
  const auto list = [&](std::size_t most) {
    return read([&](const Reader& reader) { return list_doomed(reader, "1", most); });
  };
  using Ids = std::vector<std::uint64_t>;
  BOOST_TEST(list(9) == (Ids{2, 300, 70'000}), boost::test_tools::per_element());
  BOOST_TEST(list(2) == (Ids{2, 300}), boost::test_tools::per_element());
  BOOST_TEST(list(0).empty());
  write([](Writer& writer) { erase_doomed(writer, "1", 2); });
  BOOST_TEST(list(1) == (Ids{300}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage
