#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace tidemark::daemon::pages {

// Markup of ours. A type of its own, so that no foreign text gets into a page unescaped.
struct Html {
  std::string text;
};

// What a template is filled with. An empty text and an absent part are alike: {{#name}} skips them.
class Values {
 public:
  Values& text(std::string_view name, std::string_view value);
  Values& number(std::string_view name, std::uint64_t value);  // as it stands
  Values& flag(std::string_view name, bool value);
  // Is {{{name_html}}} in the template: the only names that are not escaped.
  Values& html(std::string_view name, Html value);
  Values& part(std::string_view name, Values value);
  Values& list(std::string_view name, std::vector<Values> value);

  using Value = std::variant<bool, std::string, std::vector<Values>>;
  [[nodiscard]] const std::vector<std::pair<std::string, Value>>& items() const { return items_; }

 private:
  Values& add(std::string name, Value value);

  std::vector<std::pair<std::string, Value>> items_;
};

// Fills NAME.mustache. Parsed at its first use and kept; for one thread.
[[nodiscard]] Html render(std::string_view name, const Values& values);

}  // namespace tidemark::daemon::pages
