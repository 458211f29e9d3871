#pragma once

#include <string>

#include "storage/engine.hpp"

namespace tidemark::storage::test {

// At least one row of every form in every table, all in agreement. The member owns rows wherever a
// member can; "0777" is another.
inline const std::string example_member = "0123456";
void fill_example(Writer& writer);

}  // namespace tidemark::storage::test
