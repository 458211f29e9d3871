#include <fcntl.h>
#include <rocksdb/db.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "storage/rocks/families.hpp"
#include "storage/rocks/open.hpp"
#include "tests/storage/folder.hpp"
#include "tests/storage/says.hpp"

namespace tidemark::storage {
namespace {

using test::says;
namespace fs = std::filesystem;

// Another process that holds the lock of a store. It locks by hand: RocksDB starts threads, which
// is not safe in a fork.
class OtherProcess {
 public:
  explicit OtherProcess(const fs::path& store) {
    int ready[2] = {};
    BOOST_REQUIRE(::pipe(ready) == 0);
    process_ = ::fork();
    if (process_ == 0) hold((store / "LOCK").c_str(), ready[1]);
    char byte = 0;
    BOOST_REQUIRE(::read(ready[0], &byte, 1) == 1);
    ::close(ready[0]);
    ::close(ready[1]);
  }
  ~OtherProcess() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  [[nodiscard]] pid_t process() const { return process_; }

 private:
  [[noreturn]] static void hold(const char* file, int ready) {
    struct flock lock{};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    const bool held = ::fcntl(::open(file, O_RDWR), F_SETLK, &lock) == 0;
    const bool told = held && ::write(ready, "x", 1) == 1;
    if (told) ::pause();  // until it is killed
    ::_exit(1);
  }

  pid_t process_ = 0;
};

BOOST_AUTO_TEST_CASE(a_store_in_use_by_another_process_is_refused_with_its_number) {
  const test::Folder folder;
  {
    const auto engine = open_rocks(folder.store(), RocksOptions());
  }
  {
    const OtherProcess other(folder.store());
    const std::string words = "in use by another tidemark (process " +
                              std::to_string(other.process()) + "): stop that one first";
    BOOST_CHECK_EXCEPTION(open_rocks(folder.store(), RocksOptions()), StoreError, says(words));
  }
  BOOST_CHECK_NO_THROW(open_rocks(folder.store(), RocksOptions()));
}

BOOST_AUTO_TEST_CASE(two_engines_of_one_process_cannot_share_a_store) {
  const test::Folder folder;
  const auto engine = open_rocks(folder.store(), RocksOptions());
  BOOST_CHECK_EXCEPTION(open_rocks(folder.store(), RocksOptions()), StoreError,
                        says("in use by another tidemark"));
  engine->write([](Writer& writer) { writer.put(Table::meta, "a", "1"); });
}

BOOST_AUTO_TEST_CASE(no_store_is_made_in_a_folder_that_holds_something_else) {
  const test::Folder folder;
  std::ofstream(folder.path() / "thesis.odt") << "ten years of work";
  BOOST_CHECK_EXCEPTION(open_rocks(folder.path(), RocksOptions()), StoreError,
                        says("not a store, and not empty (it holds thesis.odt)"));
  BOOST_TEST(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 1);
}

BOOST_AUTO_TEST_CASE(a_creation_that_was_killed_half_way_is_begun_again) {
  const test::Folder folder;
  fs::create_directory(folder.store());
  for (const char* name : {"LOCK", "LOG", "IDENTITY", "MANIFEST-000001", "000001.dbtmp"}) {
    std::ofstream(folder.store() / name) << "";
  }
  BOOST_CHECK_NO_THROW(open_rocks(folder.store(), RocksOptions()));
}

BOOST_AUTO_TEST_CASE(a_file_in_place_of_the_folder_is_refused) {
  const test::Folder folder;
  std::ofstream(folder.store()) << "";
  BOOST_CHECK_EXCEPTION(open_rocks(folder.store(), RocksOptions()), StoreError,
                        says("cannot be made"));
}

// A store as a program with these families left it.
void leave_store(const fs::path& store, const std::vector<std::string>& families) {
  rocksdb::Options options;
  options.create_if_missing = options.create_missing_column_families = true;
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (const auto& name : families) descriptors.emplace_back(name, rocksdb::ColumnFamilyOptions());
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  BOOST_REQUIRE(rocksdb::DB::Open(options, store.string(), descriptors, &handles, &opened).ok());
  const std::unique_ptr<rocksdb::DB> database(opened);
  const auto put =
      opened->Put(rocksdb::WriteOptions(), handles.at(1), rocks::full_key(Table::weeks, "a"), "1");
  BOOST_REQUIRE(put.ok());
  for (auto* handle : handles) opened->DestroyColumnFamilyHandle(handle);
}

BOOST_AUTO_TEST_CASE(a_store_from_before_the_graph_gets_a_place_for_edges) {
  const test::Folder folder;
  leave_store(folder.store(), {"default", "entities", "queue", "facts"});
  for (int opening = 0; opening < 2; ++opening) {
    const auto engine = open_rocks(folder.store(), RocksOptions());
    engine->write([](Writer& writer) { writer.put(Table::graph_edges, "e", ""); });
    engine->read([](const Reader& reader) {
      BOOST_TEST(reader.get(Table::weeks, "a").value() == "1");
      BOOST_TEST(reader.get(Table::graph_edges, "e").has_value());
    });
  }
}

// As an older tidemark refuses one with edges.
BOOST_AUTO_TEST_CASE(a_store_with_a_place_for_what_nobody_knows_is_refused) {
  const test::Folder folder;
  leave_store(folder.store(), {"default", "entities", "queue", "facts", "edges", "dreams"});
  BOOST_CHECK_EXCEPTION(open_rocks(folder.store(), RocksOptions()), StoreError,
                        says("holds 'dreams', which this tidemark does not know: install the "
                             "newer version again"));
}

BOOST_AUTO_TEST_CASE(only_the_owner_may_look_into_a_new_store) {
  const test::Folder folder;
  const auto engine = open_rocks(folder.store(), RocksOptions());
  BOOST_TEST((fs::status(folder.store()).permissions() == fs::perms::owner_all));
}

BOOST_AUTO_TEST_CASE(a_damaged_store_is_named_with_the_remedy) {
  const test::Folder folder;
  {
    const auto engine = open_rocks(folder.store(), RocksOptions());
  }
  for (const auto& entry : fs::directory_iterator(folder.store())) {
    if (entry.path().filename().string().starts_with("MANIFEST")) {
      std::ofstream(entry.path(), std::ios::trunc) << "not a manifest at all, whatever it says";
    }
  }
  BOOST_CHECK_EXCEPTION(open_rocks(folder.store(), RocksOptions()), StoreError,
                        says(folder.store().string() + ": damaged"));
}

}  // namespace
}  // namespace tidemark::storage
