#include "daemon/pages/templates.hpp"

#include <algorithm>
#include <kainjow/mustache.hpp>
#include <map>
#include <stdexcept>

#include "daemon/pages/embedded.hpp"

namespace tidemark::daemon::pages {

namespace {

namespace mustache = kainjow::mustache;

// The library keeps every word and every space between words as a node of 136 bytes. With another
// character in place of the space a line stays one node; afterwards it becomes a space again.
constexpr char joint = '\x1f';

mustache::mustache parse(std::string_view name) {
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.name != name) continue;
    std::string text(file.bytes);
    std::replace(text.begin(), text.end(), ' ', joint);
    mustache::mustache parsed(text);
    if (parsed.is_valid()) return parsed;
    throw std::logic_error("daemon/pages/" + std::string(name) + ": " + parsed.error_message());
  }
  throw std::logic_error("there is no daemon/pages/" + std::string(name));
}

mustache::mustache& parsed(std::string_view name) {
  static std::map<std::string, mustache::mustache, std::less<>> kept;
  const auto found = kept.find(name);
  if (found != kept.end()) return found->second;
  return kept.emplace(std::string(name), parse(name)).first->second;
}

mustache::data data_of(const Values& values);

struct Convert {
  mustache::data operator()(bool value) const { return mustache::data(value); }
  mustache::data operator()(const std::string& value) const { return mustache::data(value); }
  mustache::data operator()(const std::vector<Values>& values) const {
    mustache::data list(mustache::data::type::list);
    for (const Values& value : values) list << data_of(value);
    return list;
  }
};

mustache::data data_of(const Values& values) {
  mustache::data object(mustache::data::type::object);
  for (const auto& [name, value] : values.items()) object[name] = std::visit(Convert{}, value);
  return object;
}

}  // namespace

Values& Values::add(std::string name, Value value) {
  items_.emplace_back(std::move(name), std::move(value));
  return *this;
}

Values& Values::text(std::string_view name, std::string_view value) {
  if (name.ends_with("_html"))
    throw std::logic_error("text may not be called " + std::string(name));
  if (value.empty()) return add(std::string(name), false);
  return add(std::string(name), std::string(value));
}

Values& Values::number(std::string_view name, std::uint64_t value) {
  return text(name, std::to_string(value));
}

Values& Values::flag(std::string_view name, bool value) { return add(std::string(name), value); }

Values& Values::html(std::string_view name, Html value) {
  return add(std::string(name) + "_html", std::move(value.text));
}

Values& Values::part(std::string_view name, Values value) {
  std::vector<Values> one;
  one.push_back(std::move(value));
  return list(name, std::move(one));
}

Values& Values::list(std::string_view name, std::vector<Values> value) {
  return add(std::string(name), std::move(value));
}

Html render(std::string_view name, const Values& values) {
  std::string page;
  parsed(std::string(name) + ".mustache")
      .render(data_of(values), [&page](const std::string& piece) { page += piece; });
  std::replace(page.begin(), page.end(), joint, ' ');
  return Html{std::move(page)};
}

}  // namespace tidemark::daemon::pages
