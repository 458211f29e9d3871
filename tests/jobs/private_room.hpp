#pragma once

#include <string>
#include <vector>

#include "tests/jobs/arrival_room.hpp"

namespace tidemark::test {

// A member with work of every kind in a private repository, of which every name and title says
// "cellar", beside public work, whose names and titles say "garden"; and a token that may see both.
struct PrivateRoom : ArrivalRoom {
  PrivateRoom();

  void share_private(bool wants);
  // Commits, an issue, a pull request and a review, at this time.
  void work_in(const std::string& repository, const std::string& word, std::int64_t at_s);
  void sync();
  // Everywhere: rows of the store, and files at Open Humans by name.
  [[nodiscard]] std::vector<std::string> traces_of(const std::string& word);
  [[nodiscard]] std::vector<std::string> files_with(const std::string& word);
  void expect_none(const std::string& word);
  async::Task<jobs::sign_in::Arrived> arrive(Life& life, jobs::sign_in::Return back,
                                             bool wants_private, std::string member = id);
  [[nodiscard]] std::size_t files() { return world.openhumans.files(id).size(); }

  std::int64_t last_year_s = 1'748'779'200;  // 2025-06-01
  std::vector<std::string> histories;        // node ids of repositories whose history was asked
};

}  // namespace tidemark::test
