#include <fmt/format.h>

#include <toml++/toml.h>

#include <algorithm>

#include "daemon/settings.hpp"

namespace tidemark::daemon {

namespace {

struct TomlReader {
  const std::string& file;
  std::vector<std::string>& problems;
  std::vector<GivenValue> values = {};

  [[nodiscard]] std::string place(const toml::source_region& source) const {
    return fmt::format("{}:{}", file, source.begin.line);
  }

  void read_list(const std::string& name, const toml::array& array) {
    std::vector<std::string> texts;
    for (const auto& element : array) {
      const auto* text = element.as_string();
      if (text == nullptr) {
        problems.push_back(fmt::format("{}: {}: every element of the list must be a text in quotes",
                                       place(element.source()), name));
        return;
      }
      texts.push_back(text->get());
    }
    const auto line = static_cast<std::int64_t>(array.source().begin.line);
    values.push_back(
        {.name = name, .value = std::move(texts), .line = line, .place = place(array.source())});
  }

  void read_node(const std::string& name, const toml::node& node) {
    const auto where = place(node.source());
    const auto line = static_cast<std::int64_t>(node.source().begin.line);
    if (const auto* text = node.as_string()) {
      values.push_back({.name = name, .value = text->get(), .line = line, .place = where});
    } else if (const auto* whole = node.as_integer()) {
      values.push_back({.name = name, .value = whole->get(), .line = line, .place = where});
    } else if (const auto* number = node.as_floating_point()) {
      values.push_back({.name = name, .value = number->get(), .line = line, .place = where});
    } else if (const auto* flag = node.as_boolean()) {
      values.push_back({.name = name, .value = flag->get(), .line = line, .place = where});
    } else if (const auto* array = node.as_array()) {
      read_list(name, *array);
    } else {
      problems.push_back(fmt::format("{}: {}: dates and times are no setting", where, name));
    }
  }

  // Sections are one level deep; what lies deeper is reported as an unknown setting.
  void read_table(const std::string& prefix, const toml::table& table, int depth) {
    for (const auto& [key, node] : table) {
      const auto name =
          prefix.empty() ? std::string(key.str()) : fmt::format("{}.{}", prefix, key.str());
      const auto* inner = node.as_table();
      if (inner == nullptr) {
        read_node(name, node);
      } else if (depth < 2) {
        read_table(name, *inner, depth + 1);
      } else {
        problems.push_back(fmt::format("{}: unknown section {}; `tidemark config` lists all",
                                       place(inner->source()), name));
      }
    }
  }
};

}  // namespace

std::vector<GivenValue> read_toml(std::string_view text, const std::string& file,
                                  std::vector<std::string>& problems) {
  TomlReader reader{.file = file, .problems = problems};
  try {
    reader.read_table("", toml::parse(text, file), 0);
  } catch (const toml::parse_error& error) {
    const auto begin = error.source().begin;
    problems.push_back(
        fmt::format("{}:{}:{}: this is not TOML: {}; `tidemark config --example` "
                    "prints a file that is",
                    file, begin.line, begin.column, error.description()));
  }
  // toml++ sorts by name; people read from top to bottom.
  std::ranges::sort(reader.values, {}, &GivenValue::line);
  return std::move(reader.values);
}

}  // namespace tidemark::daemon
