#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "daemon/settings.hpp"

namespace tidemark::daemon {

namespace {

std::string joined(const std::vector<std::string>& problems) {
  return fmt::format("{}", fmt::join(problems, "\n"));
}

std::string variable_of(std::string_view name) {
  std::string variable = "TIDEMARK_";
  for (const char letter : name) {
    variable += letter == '.' ? '_' : static_cast<char>(std::toupper(letter));
  }
  return variable;
}

// TIDEMARK_STORE_… is ours to judge, TIDEMARK_SEED is not.
bool names_a_section(std::string_view variable) {
  return std::ranges::any_of(setting_rows(), [&](const SettingRow& row) {
    return variable.starts_with(variable_of(row.name.substr(0, row.name.find('.') + 1)));
  });
}

class Loading {
 public:
  LoadedSettings result;
  std::vector<std::string> problems;

  void apply(const GivenValue& given) {
    if (auto problem = apply_setting(result.settings, given); !problem.empty()) {
      problems.push_back(std::move(problem));
    } else {
      result.origin[given.name] = given.place;
    }
  }

  void defaults() {
    for (const SettingRow& row : setting_rows()) {
      apply({.name = std::string(row.name),
             .value = std::string(row.fallback),
             .is_text_only = true,
             .place = "default"});
    }
  }

  void file(const std::optional<std::filesystem::path>& asked) {
    const std::filesystem::path path = asked.value_or(default_file);
    std::ifstream stream(path, std::ios::binary);
    if (!stream) {
      std::error_code ignored;
      const bool exists = std::filesystem::exists(path, ignored);
      if (asked && !exists) {
        problems.push_back(fmt::format("{}: no such file; make one with: tidemark config --example",
                                       path.string()));
      } else if (exists) {
        problems.push_back(fmt::format("{}: cannot be read; check its permissions", path.string()));
      }
      return;
    }
    std::ostringstream text;
    text << stream.rdbuf();
    for (const GivenValue& given : read_toml(text.str(), path.string(), problems)) apply(given);
  }

  void environment(const std::vector<std::pair<std::string, std::string>>& variables) {
    for (const auto& [variable, value] : variables) {
      if (!variable.starts_with("TIDEMARK_")) continue;
      const auto row = std::ranges::find_if(setting_rows(), [&](const SettingRow& candidate) {
        return variable_of(candidate.name) == variable;
      });
      if (row != setting_rows().end()) {
        apply({.name = std::string(row->name),
               .value = value,
               .is_text_only = true,
               .place = "environment " + variable});
      } else if (names_a_section(variable)) {
        problems.push_back(
            fmt::format("environment {}: there is no such setting; unset it, or see "
                        "`tidemark config` for the names",
                        variable));
      }
    }
  }

  void flags(const std::vector<std::string>& flags) {
    for (const std::string& flag : flags) {
      const auto equals = flag.find('=');
      if (equals == std::string::npos) {
        problems.push_back(fmt::format("--set {}: no value; write --set section.key=value", flag));
        continue;
      }
      apply({.name = flag.substr(0, equals),
             .value = flag.substr(equals + 1),
             .is_text_only = true,
             .place = "--set"});
    }
  }

  // Values that do not fit each other, each with the place of the setting it begins with.
  void together() {
    for (const std::string& problem : check_together(result.settings)) {
      const auto origin = result.origin.find(problem.substr(0, problem.find(':')));
      const bool known = origin != result.origin.end();
      problems.push_back(fmt::format("{}: {}", known ? origin->second : "settings", problem));
    }
  }

  // systemd hands secrets over as files in a folder of its own; they stand in for defaults only.
  void credential(const std::vector<std::pair<std::string, std::string>>& variables,
                  std::string_view name, std::string_view credential) {
    const auto folder = std::ranges::find(variables, "CREDENTIALS_DIRECTORY",
                                          &std::pair<std::string, std::string>::first);
    if (folder == variables.end() || result.origin[std::string(name)] != "default") return;
    const auto file = std::filesystem::path(folder->second) / credential;
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) return;
    apply({.name = std::string(name),
           .value = file.string(),
           .is_text_only = true,
           .place = fmt::format("credential {}", credential)});
  }
};

}  // namespace

SettingsError::SettingsError(std::vector<std::string> problems)
    : std::runtime_error(joined(problems)), problems_(std::move(problems)) {}

LoadedSettings load_settings(const SettingSources& sources) {
  Loading loading;
  loading.defaults();
  loading.file(sources.file);
  loading.environment(sources.environment);
  loading.flags(sources.flags);
  loading.credential(sources.environment, "store.key_file", "tidemark-key");
  loading.credential(sources.environment, "openhumans.client_secret_file",
                     "openhumans-client-secret");
  loading.credential(sources.environment, "openhumans.webhook_secret_file",
                     "openhumans-webhook-secret");
  loading.credential(sources.environment, "github.client_secret_file", "github-client-secret");
  loading.credential(sources.environment, "github.token_file", "github-token");
  if (loading.problems.empty()) loading.together();
  if (!loading.problems.empty()) throw SettingsError(std::move(loading.problems));
  return std::move(loading.result);
}

std::vector<std::pair<std::string, std::string>> process_environment() {
  std::vector<std::pair<std::string, std::string>> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

}  // namespace tidemark::daemon
