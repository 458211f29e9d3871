#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <unordered_set>

#include "jobs/discovery/seeds.hpp"
#include "storage/graph/user.hpp"

namespace tidemark::jobs::discovery {

namespace {

constexpr std::size_t problems_most = 10;
constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

// One line's fields; a field in quotes may hold commas, and "" is a quote.
std::vector<std::string> csv_fields(std::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char letter = line[i];
    if (quoted && letter == '"' && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += line[++i];
    } else if (letter == '"') {
      quoted = !quoted;
    } else if (letter == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += letter;
    }
  }
  for (auto& field : fields) field = std::string(trimmed(field));
  return fields;
}

// Where a line ends; in CSV not inside quotes.
std::size_t record_end(std::string_view text, bool csv) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (csv && text[i] == '"') quoted = !quoted;
    if (text[i] == '\n' && !quoted) return i;
  }
  return text.size();
}

// Which field of a CSV holds the login, as its first line says.
std::optional<std::size_t> login_column(std::string_view header) {
  const auto fields = csv_fields(header);
  for (const std::string_view wanted : {"login", "name"}) {
    const auto found = std::ranges::find_if(fields, [wanted](const std::string& field) {
      return storage::graph::lower_case(field) == wanted;
    });
    if (found != fields.end()) return static_cast<std::size_t>(found - fields.begin());
  }
  return std::nullopt;
}

class SeedReading {
 public:
  SeedFile result;

  // Fields in quotes may go over several lines.
  [[nodiscard]] bool is_csv() const { return column_.has_value(); }
  // False: there is no use in going on.
  bool take(std::string_view record, std::size_t number) {
    const auto line = trimmed(column_ ? record : record.substr(0, record.find('#')));
    if (line.empty() || line.starts_with('#')) return true;
    if (first_) {
      first_ = false;
      const bool columns = line.find(',') != std::string_view::npos;
      if (columns || is_lone_heading(line)) return take_header(line, number);
    }
    std::string login(line);
    if (column_) {
      auto fields = csv_fields(line);
      login = *column_ < fields.size() ? std::move(fields[*column_]) : std::string();
    }
    return take_login(std::move(login), number);
  }

 private:
  // A heading without further columns: nobody is called so in a list of logins that begins with it.
  static bool is_lone_heading(std::string_view line) { return line == "login" || line == "name"; }

  bool take_header(std::string_view line, std::size_t number) {
    column_ = login_column(line);
    if (column_) return true;
    result.problems.push_back(
        fmt::format("line {}: this is CSV without a column login or name; name one of its columns "
                    "so, or give one login a line",
                    number));
    return false;
  }

  bool take_login(std::string login, std::size_t number) {
    if (!is_login(login)) {
      result.problems.push_back(fmt::format(
          "line {}: \"{}\" is no GitHub login (1 to 39 letters, digits and hyphens inside)", number,
          std::string_view(login).substr(0, 60)));
      return result.problems.size() < problems_most;
    }
    if (!seen_.insert(storage::graph::lower_case(login)).second) return true;
    if (result.logins.size() == seeds_most) {
      result.problems.push_back(fmt::format(
          "line {}: more than {} logins; give the rest in another file", number, seeds_most));
      return false;
    }
    result.logins.push_back(std::move(login));
    return true;
  }

  bool first_ = true;
  std::optional<std::size_t> column_;
  std::unordered_set<std::string> seen_;
};

}  // namespace

SeedFile read_seeds(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  SeedReading reading;
  std::size_t number = 1;
  bool more = true;
  while (more && !text.empty()) {
    const auto record = text.substr(0, record_end(text, reading.is_csv()));
    more = reading.take(record, number);
    number += 1 + static_cast<std::size_t>(std::ranges::count(record, '\n'));
    text = record.size() == text.size() ? std::string_view{} : text.substr(record.size() + 1);
  }
  return std::move(reading.result);
}

}  // namespace tidemark::jobs::discovery
