#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark::daemon {

// Columns as wide as their widest cell; numbers stand right. What a terminal would obey is left
// out.
class Table {
 public:
  explicit Table(std::vector<std::string> headings) { rows_.push_back(std::move(headings)); }
  void add(std::vector<std::string> cells);
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::size_t size() const { return rows_.size() - 1; }

 private:
  std::vector<std::vector<std::string>> rows_;
};

// How many columns a UTF-8 text takes, as far as our own output goes.
[[nodiscard]] std::size_t columns_of(std::string_view text);
// The text cut to so many columns, never inside a letter.
[[nodiscard]] std::string clipped(std::string_view text, std::size_t columns);
// "12.3 MB".
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);

// Fields of an answer; empty, 0 or an empty object where they are null or absent. A text is one
// line that no terminal obeys: whatever strangers wrote comes to people through here, and only what
// is printed as JSON does not.
[[nodiscard]] std::string text_of(const boost::json::object& object, std::string_view name);
[[nodiscard]] std::int64_t number_of(const boost::json::object& object, std::string_view name);
[[nodiscard]] boost::json::object object_of(const boost::json::object& object,
                                            std::string_view name);

void print_json(const boost::json::value& value);

}  // namespace tidemark::daemon
