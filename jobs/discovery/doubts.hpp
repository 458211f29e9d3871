#pragma once

#include <cstdint>
#include <vector>

#include "jobs/discovery/batches.hpp"
#include "jobs/discovery/crawl.hpp"
#include "storage/engine.hpp"

namespace tidemark::jobs::discovery {

// REST counts more entries in the lists of some accounts than a question brought. Which question is
// to be asked next about those of the oldest batch, and what the answers mean.
enum class LookKind {
  apart,       // how long the lists of each are, apart from other accounts
  same_shape,  // once more among as many others, for those of which more is told now
  alone,       // one of them in a question of its own
  none,        // all is told
};
struct NextLook {
  LookKind kind = LookKind::none;
  std::vector<UserId> ids;
};
[[nodiscard]] NextLook next_look(const storage::Reader& reader, const Crawl& crawl,
                                 std::int64_t now_ms);

// What all of it means for this one.
[[nodiscard]] Doubt judge_doubted(const storage::Reader& reader, const Batch& batch,
                                  const Doubted& doubted);
// By how many entries REST counts more. 0: by no more than may have come since, or than the last
// reading lacked as well.
[[nodiscard]] std::uint64_t gap_of(const storage::Reader& reader, const Batch& batch,
                                   const Doubted& doubted);
// Nobody else was asked for together with it.
[[nodiscard]] inline bool is_lone(const Batch& batch) { return batch.parents + batch.pages <= 1; }

}  // namespace tidemark::jobs::discovery
