#include "daemon/redact.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace tidemark::daemon {

namespace {

constexpr std::string_view mask = "[secret]";
constexpr std::size_t start_bytes = sizeof(std::uint64_t);
constexpr std::size_t learnt_most = 4'096;

std::uint64_t start_of(std::string_view text) {
  std::uint64_t start = 0;
  std::memcpy(&start, text.data(), start_bytes);
  return start;
}

std::size_t slot_of(std::uint64_t start) {
  constexpr std::uint64_t spread = 0x9e37'79b9'7f4a'7c15;
  return static_cast<std::size_t>(start * spread >> 48U);
}

bool is_token_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || letter == '_' || letter == '-' || letter == '.' ||
         letter == '~' || letter == '+' || letter == '/' || letter == '=';
}

struct Mark {
  std::string_view begin;
  bool keeps_begin;       // "Bearer " stays, "ghp_" goes
  std::size_t least = 4;  // letters after it
};

constexpr std::array<Mark, 12> marks = {{{"ghp_", false},
                                         {"gho_", false},
                                         {"ghu_", false},
                                         {"ghs_", false},
                                         {"ghr_", false},
                                         {"github_pat_", false},
                                         {"Bearer ", true},
                                         {"bearer ", true},
                                         {"Basic ", true, 8},
                                         {"access_token=", true, 1},
                                         {"refresh_token=", true, 1},
                                         {"client_secret=", true, 1}}};

void mask_marked(std::string& text, const Mark& mark) {
  std::size_t at = 0;
  while ((at = text.find(mark.begin, at)) != std::string::npos) {
    const std::size_t begin = at + mark.begin.size();
    std::size_t end = begin;
    while (end < text.size() && is_token_letter(text[end])) ++end;
    // A full stop ends the sentence, not the token.
    while (end > begin && text[end - 1] == '.') --end;
    if (end - begin < mark.least) {
      at = begin;
      continue;
    }
    const std::size_t from = mark.keeps_begin ? begin : at;
    text.replace(from, end - from, mask);
    at = from + mask.size();
  }
}

}  // namespace

void Redactor::index(Secrets::iterator secret) {
  known_.emplace(*secret, secret);
  by_start_.emplace(start_of(*secret), &*secret);
  may_start_.set(slot_of(start_of(*secret)));
}

// The filter keeps its bit: another secret may have it too, and it costs a look-up at most.
void Redactor::forget_oldest() {
  const std::string& secret = learnt_.front();
  auto [at, end] = by_start_.equal_range(start_of(secret));
  while (at != end && at->second != &secret) ++at;
  if (at != end) by_start_.erase(at);
  known_.erase(secret);
  learnt_.pop_front();
}

void Redactor::learn(std::string secret) {
  if (secret.size() < start_bytes) return;
  const auto known = known_.find(secret);
  if (known == known_.end()) {
    index(learnt_.insert(learnt_.end(), std::move(secret)));
    if (learnt_.size() > learnt_most) forget_oldest();
  } else if (std::ranges::find(pinned_, secret) == pinned_.end()) {
    learnt_.splice(learnt_.end(), learnt_, known->second);
  }
}

void Redactor::pin(std::string secret) {
  if (secret.size() < start_bytes) return;
  const auto known = known_.find(secret);
  if (known == known_.end()) {
    index(pinned_.insert(pinned_.end(), std::move(secret)));
  } else if (std::ranges::find(pinned_, secret) == pinned_.end()) {
    pinned_.splice(pinned_.end(), learnt_, known->second);
  }
}

// How long the longest secret is that this text begins with.
std::size_t Redactor::secret_at(std::string_view text) const {
  const std::uint64_t start = start_of(text);
  if (!may_start_.test(slot_of(start))) return 0;
  std::size_t longest = 0;
  const auto [begin, end] = by_start_.equal_range(start);
  for (auto at = begin; at != end; ++at) {
    if (text.starts_with(*at->second)) longest = std::max(longest, at->second->size());
  }
  return longest;
}

// Secrets that overlap go together.
std::string Redactor::without_known(std::string_view text) const {
  std::string result;
  std::size_t kept = 0, masked_until = 0;  // before `kept` all is in the result
  for (std::size_t at = 0; at + start_bytes <= text.size(); ++at) {
    const std::size_t length = secret_at(text.substr(at));
    if (length == 0) continue;
    if (masked_until == 0 || at >= masked_until) {
      result.append(text, kept, at - kept).append(mask);
    }
    masked_until = std::max(masked_until, at + length);
    kept = masked_until;
  }
  return result.append(text, kept, text.size() - kept);
}

std::string Redactor::clean(std::string_view text) const {
  if (text.empty()) return {};
  std::string result = known_.empty() ? std::string(text) : without_known(text);
  for (const Mark& mark : marks) mask_marked(result, mark);
  return result;
}

}  // namespace tidemark::daemon
