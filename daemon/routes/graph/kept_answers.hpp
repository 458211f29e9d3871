#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "daemon/routes/routes.hpp"

namespace tidemark::daemon::graph {

// Answers that follow from the store alone, by what was asked for, those that were asked for last:
// they are true until the store is written to. `writes` is Store::writes() of before the answer was
// read. On one thread.
class KeptAnswers {
 public:
  explicit KeptAnswers(std::size_t bytes_most);
  ~KeptAnswers();
  KeptAnswers(const KeptAnswers&) = delete;
  KeptAnswers& operator=(const KeptAnswers&) = delete;

  // Null: it must be read. The text lives until the next call.
  [[nodiscard]] const std::string* find(std::uint64_t writes, std::string_view target);
  // An answer that would take more than a sixteenth of the room is not kept.
  void keep(std::uint64_t writes, std::string target, const std::string& text);
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Answers;
  std::unique_ptr<Answers> answers_;
};

// The same routes, whose good answers are kept. Only for those that answer with JSON from the store
// and look at nothing else: no clock, no header, no other part of the daemon.
void keep_answers_of(std::span<http::Route> routes, RouteServices& services,
                     std::shared_ptr<KeptAnswers> kept);

}  // namespace tidemark::daemon::graph
