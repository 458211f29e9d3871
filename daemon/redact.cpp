#include "daemon/redact.hpp"

#include <algorithm>
#include <array>

namespace tidemark::daemon {

namespace {

constexpr std::string_view mask = "[secret]";

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

void Redactor::learn(std::string secret) {
  if (secret.size() < 8) return;
  const auto known = std::ranges::find(known_, secret);
  if (known != known_.end()) {
    std::rotate(known, known + 1, known_.end());
    return;
  }
  known_.push_back(std::move(secret));
  if (known_.size() > 4096) known_.pop_front();
}

std::string Redactor::clean(std::string_view text) const {
  std::string result(text);
  for (const std::string& secret : known_) {
    std::size_t at = 0;
    while ((at = result.find(secret, at)) != std::string::npos) {
      result.replace(at, secret.size(), mask);
      at += mask.size();
    }
  }
  for (const Mark& mark : marks) mask_marked(result, mark);
  return result;
}

}  // namespace tidemark::daemon
