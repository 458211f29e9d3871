#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tidemark::http {

// Undoes Content-Encoding gzip and deflate piece by piece. The limit holds for what comes out, so
// that a small body cannot become a huge one (a "zip bomb").
class Inflater {
 public:
  enum class Coding { gzip, deflate };
  enum class Outcome { ok, malformed, too_large };

  // gzip, x-gzip or deflate; nullopt for anything else.
  [[nodiscard]] static std::optional<Coding> coding(std::string_view content_encoding);

  explicit Inflater(Coding coding);
  ~Inflater();
  Inflater(Inflater&&) noexcept;
  Inflater& operator=(Inflater&&) noexcept;

  // Appends to `out`, never beyond `limit` bytes in all.
  [[nodiscard]] Outcome put(std::string_view encoded, std::string& out, std::size_t limit);
  // The encoded stream is whole: what came so far is all of it, not a part.
  [[nodiscard]] bool complete() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tidemark::http
