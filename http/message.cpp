#include "http/message.hpp"

#include <algorithm>

namespace tidemark::http {

namespace {

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

}  // namespace

bool equals_ignoring_case(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

void Headers::add(std::string name, std::string value) {
  fields_.emplace_back(std::move(name), std::move(value));
}

void Headers::set(std::string_view name, std::string value) {
  // A copy first: the name may be one of the fields that go.
  std::string kept_name(name);
  remove(kept_name);
  add(std::move(kept_name), std::move(value));
}

void Headers::remove(std::string_view name) {
  std::string kept_name(name);
  std::erase_if(fields_,
                [&](const auto& field) { return equals_ignoring_case(field.first, kept_name); });
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const auto& [field, value] : fields_) {
    if (equals_ignoring_case(field, name)) return value;
  }
  return std::nullopt;
}

}  // namespace tidemark::http
