#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "storage/engine.hpp"

namespace tidemark::storage {

// A step from format `to - 1` to `to`; runs in one transaction with the new format number.
struct Migration {
  std::uint32_t to = 0;
  std::string what;
  std::function<void(Writer&)> run;
};

// All steps, in order. The last one's `to` is the format that this program writes.
[[nodiscard]] const std::vector<Migration>& migrations();

// 0: nothing was written to the store yet.
[[nodiscard]] std::uint32_t format_of(const Reader& reader);

// Brings a new or older store to the newest format. Throws StoreError for a store of a newer one:
// "…/store has format 9, this tidemark knows up to 3: install the newer version again, or restore a
// backup". Returns what was done, one line a step.
std::vector<std::string> migrate(Engine& engine, const std::vector<Migration>& steps,
                                 std::string_view where);

}  // namespace tidemark::storage
