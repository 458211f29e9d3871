#pragma once

#include <cstdint>
#include <string>

#include "storage/engine.hpp"
#include "storage/seal.hpp"

namespace tidemark::storage::test {

// At least one row of every form in every table, all in agreement. The member owns rows wherever a
// member can; "0777" is another.
inline const std::string example_member = "0123456";
// What is stored of a member besides their id.
struct Person {
  std::string login;
  std::uint64_t github_id = 0;
  std::string access, refresh;
};
inline const Person example_person{"ada-lovelace", 77, "gho_adas_access", "ghr_adas_refresh"};
inline const Person other_person{"grace-hopper", 78, "gho_graces_access", "ghr_graces_refresh"};
[[nodiscard]] Sealer example_sealer();
void fill_example(Writer& writer);

}  // namespace tidemark::storage::test
