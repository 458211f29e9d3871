#include <algorithm>

#include "jobs/discovery/seeds.hpp"

namespace tidemark::jobs::discovery {

namespace {

constexpr std::size_t login_most = 39;
constexpr std::size_t short_name_most = 8;  // of an enterprise

bool is_word(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9');
  });
}

// Hyphens stand inside; two in a row are in names of old accounts.
bool is_hyphenated(std::string_view text) {
  if (text.starts_with('-') || text.ends_with('-')) return false;
  std::string letters(text);
  std::erase(letters, '-');
  return is_word(letters);
}

}  // namespace

bool is_login(std::string_view text) {
  if (text.size() > login_most) return false;
  const auto underscore = text.find('_');
  if (underscore == std::string_view::npos) return is_hyphenated(text);
  const auto short_name = text.substr(underscore + 1);
  return short_name.size() <= short_name_most && is_word(short_name) &&
         is_hyphenated(text.substr(0, underscore));
}

}  // namespace tidemark::jobs::discovery
