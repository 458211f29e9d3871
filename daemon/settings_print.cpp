#include <fmt/format.h>

#include "daemon/settings.hpp"

namespace tidemark::daemon {

namespace {

std::string in_quotes(std::string_view text) {
  std::string result = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') result += '\\';
    result += letter;
  }
  return result + '"';
}

std::string bounds_of(const SettingRow& row) {
  if (std::holds_alternative<std::int64_t Settings::*>(row.field) ||
      std::holds_alternative<double Settings::*>(row.field)) {
    return fmt::format("{} to {}", row.lowest, row.highest);
  }
  if (std::holds_alternative<bool Settings::*>(row.field)) return "true or false";
  if (std::holds_alternative<std::vector<std::string> Settings::*>(row.field)) {
    return "list of texts";
  }
  switch (row.form) {
    case TextForm::any: return "text";
    case TextForm::path: return "absolute path";
    case TextForm::optional_path: return "absolute path or empty";
    case TextForm::url: return "http(s) address";
    case TextForm::optional_url: return "http(s) address or empty";
    case TextForm::optional_page: return "http(s) address of a page, or empty";
    case TextForm::choice: return fmt::format("{}", fmt::join(row.choices, " or "));
    case TextForm::mode: return "octal mode";
  }
  return {};
}

// Comment lines of at most 100 columns.
std::string commented(std::string_view text) {
  std::string result = "#", line = "#";
  while (!text.empty()) {
    const auto space = text.find(' ');
    const auto word = text.substr(0, space);
    if (line.size() + 1 + word.size() > 100) {
      result += "\n#";
      line = "#";
    }
    line += fmt::format(" {}", word);
    result += fmt::format(" {}", word);
    text = space == std::string_view::npos ? std::string_view{} : text.substr(space + 1);
  }
  return result + "\n";
}

Settings default_settings() { return load_settings({.file = "/dev/null"}).settings; }

}  // namespace

std::string setting_text(const Settings& settings, const SettingRow& row) {
  if (const auto* whole = std::get_if<std::int64_t Settings::*>(&row.field)) {
    return fmt::format("{}", settings.*(*whole));
  }
  if (const auto* number = std::get_if<double Settings::*>(&row.field)) {
    return fmt::format("{}", settings.*(*number));
  }
  if (const auto* flag = std::get_if<bool Settings::*>(&row.field)) {
    return settings.*(*flag) ? "true" : "false";
  }
  if (const auto* list = std::get_if<std::vector<std::string> Settings::*>(&row.field)) {
    std::vector<std::string> texts;
    for (const auto& text : settings.*(*list)) texts.push_back(in_quotes(text));
    return fmt::format("[{}]", fmt::join(texts, ", "));
  }
  return in_quotes(settings.*std::get<std::string Settings::*>(row.field));
}

std::string settings_reference() {
  const Settings defaults = default_settings();
  std::string text =
      "Settings, from the weakest source to the strongest: default, file (--config FILE, else\n"
      "/etc/tidemark/tidemark.toml), variable TIDEMARK_SECTION_KEY, flag --set section.key=value.\n"
      "Those marked \"live\" are taken over at SIGHUP (systemctl reload tidemark).\n";
  for (const SettingRow& row : setting_rows()) {
    text += fmt::format("\n{} = {}\n    {}{}\n    {}\n", row.name, setting_text(defaults, row),
                        bounds_of(row), row.live ? "; live" : "", row.help);
  }
  return text;
}

std::string settings_example() {
  const Settings defaults = default_settings();
  std::string text =
      "# tidemark's settings: /etc/tidemark/tidemark.toml. Every line that is commented out shows "
      "the\n"
      "# default. Reference: tidemark config. What is in force: tidemark config --effective.\n";
  std::string_view section;
  for (const SettingRow& row : setting_rows()) {
    const auto dot = row.name.find('.');
    if (row.name.substr(0, dot) != section) {
      section = row.name.substr(0, dot);
      text += fmt::format("\n[{}]\n", section);
    }
    text += commented(fmt::format("{} ({}{})", row.help, bounds_of(row), row.live ? "; live" : ""));
    text += fmt::format("#{} = {}\n", row.name.substr(dot + 1), setting_text(defaults, row));
  }
  return text;
}

std::string settings_effective(const LoadedSettings& loaded) {
  std::string text;
  for (const SettingRow& row : setting_rows()) {
    const auto origin = loaded.origin.find(row.name);
    text += fmt::format("{} = {}  # {}\n", row.name, setting_text(loaded.settings, row),
                        origin == loaded.origin.end() ? "default" : origin->second);
  }
  return text;
}

}  // namespace tidemark::daemon
