#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/engine.hpp"

namespace tidemark::jobs::leave {

// What tidemark could not end or remove upstream and does not try any more: for the operator, who
// may do it there. Names no member: who has left is not kept.
struct GivenUp {
  std::int64_t at_ms = 0;
  std::string what;
};

// The newest twenty are kept.
void note_given_up(storage::Writer& writer, std::string_view what, std::int64_t now_ms);
[[nodiscard]] std::vector<GivenUp> list_given_up(const storage::Reader& reader);

}  // namespace tidemark::jobs::leave
