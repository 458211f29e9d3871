#include "jobs/sync/reading.hpp"

#include "jobs/sync/harvest.hpp"
#include "storage/week.hpp"

namespace tidemark::jobs::sync {
namespace {

namespace json = boost::json;

[[noreturn]] void refuse(std::string_view key, std::string_view wanted) {
  throw AbsurdAnswer("the field \"" + std::string(key) + "\" is not " + std::string(wanted));
}

const json::value& member(const json::value& value, std::string_view key) {
  const json::object* object = value.if_object();
  const json::value* found = object == nullptr ? nullptr : object->if_contains(key);
  if (found == nullptr) refuse(key, "there");
  return *found;
}

}  // namespace

const json::value& object_in(const json::value& value, std::string_view key) {
  const json::value& found = member(value, key);
  if (!found.is_object()) refuse(key, "an object");
  return found;
}

const json::array& array_in(const json::value& value, std::string_view key) {
  const json::array* found = member(value, key).if_array();
  if (found == nullptr) refuse(key, "a list");
  return *found;
}

std::string text_in(const json::value& value, std::string_view key) {
  const json::string* found = member(value, key).if_string();
  if (found == nullptr) refuse(key, "a text");
  return std::string(*found);
}

bool boolean_in(const json::value& value, std::string_view key) {
  const bool* found = member(value, key).if_bool();
  if (found == nullptr) refuse(key, "true or false");
  return *found;
}

std::uint64_t count_in(const json::value& value, std::string_view key) {
  const json::value& found = member(value, key);
  constexpr std::uint64_t most = 1'000'000'000'000;
  if (const std::int64_t* number = found.if_int64()) {
    if (*number >= 0 && static_cast<std::uint64_t>(*number) <= most) {
      return static_cast<std::uint64_t>(*number);
    }
  }
  if (const std::uint64_t* number = found.if_uint64()) {
    if (*number <= most) return *number;
  }
  refuse(key, "a sensible count");
}

std::int64_t time_in(const json::value& value, std::string_view key) {
  const auto parsed = storage::parse_time(text_in(value, key));
  if (!parsed) refuse(key, "a time");
  return *parsed;
}

bool is_null(const json::value& value, std::string_view key) {
  return member(value, key).is_null();
}

}  // namespace tidemark::jobs::sync
