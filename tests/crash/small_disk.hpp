#pragma once

#include <boost/test/tree/test_unit.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <string>

#include "tests/support/folder.hpp"

namespace tidemark::test {

// A file system of a few megabytes, in memory. It is seen by this process and its children only,
// and goes with them. Needs root.
class SmallDisk {
 public:
  explicit SmallDisk(std::uint64_t bytes);
  ~SmallDisk();
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  // Whether this machine lets us make one; else why not.
  static boost::test_tools::assertion_result possible(boost::unit_test::test_unit_id);

  [[nodiscard]] std::string path() const { return folder_.path(); }
  [[nodiscard]] std::string file(const std::string& name) const { return folder_.file(name); }
  // A ballast takes all the room there is, to the last byte.
  void fill() const;
  void empty() const;

 private:
  Folder folder_;
};

}  // namespace tidemark::test
