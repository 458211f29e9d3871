#include <fmt/format.h>
#include <zlib.h>

#include <charconv>
#include <memory>
#include <unordered_map>

#include "tests/simulators/graph/make.hpp"

namespace tidemark::simulators {

namespace {

constexpr std::uint64_t id_most = 4'000'000'000;  // node ids have four bytes for it

std::string read_whole(const std::string& file) {
  // gzopen reads plain files as they are.
  std::unique_ptr<gzFile_s, int (*)(gzFile)> opened(gzopen(file.c_str(), "rb"), gzclose);
  if (!opened) throw WorldError(file + ": cannot be opened; give a CSV file, plain or .gz");
  std::string whole;
  std::string piece(1 << 20, '\0');
  int read = 0;
  while ((read = gzread(opened.get(), piece.data(), static_cast<unsigned>(piece.size()))) > 0) {
    whole.append(piece, 0, static_cast<std::size_t>(read));
  }
  if (read < 0) {
    int code = Z_OK;
    throw WorldError(file + ": " + gzerror(opened.get(), &code));
  }
  return whole;
}

std::string_view without_quotes(std::string_view text) {
  bool quoted = text.size() >= 2 && text.starts_with('"') && text.ends_with('"');
  return quoted ? text.substr(1, text.size() - 2) : text;
}

// Calls back with the first two fields of each line but a heading.
template <class Take>
void read_pairs(const std::string& file, std::string_view wanted, Take take) {
  std::string whole = read_whole(file);
  std::string_view left = whole;
  for (std::size_t number = 1; !left.empty(); ++number) {
    std::size_t end = left.find('\n');
    std::string_view line = left.substr(0, end);
    left.remove_prefix(end == std::string_view::npos ? left.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    bool heading = number == 1 && line.starts_with("id");
    if (line.empty() || heading) continue;
    std::size_t comma = line.find(',');
    bool whole_line = comma != std::string_view::npos;
    std::string_view second = whole_line ? line.substr(comma + 1) : std::string_view();
    second = second.substr(0, second.find(','));
    if (!whole_line || !take(without_quotes(line.substr(0, comma)), without_quotes(second))) {
      throw WorldError(fmt::format("{}:{}: expected \"{}\", found \"{}\"", file, number, wanted,
                                   line.substr(0, 80)));
    }
  }
}

bool parse_id(std::string_view text, std::uint64_t& id) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  return error == std::errc() && end == text.data() + text.size() && id <= id_most;
}

bool plausible(std::string_view login) {
  for (char c : login) {
    bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                c == '-' || c == '_' || c == '.';
    if (!fits) return false;
  }
  return login.size() <= 100;
}

class Loading {
 public:
  explicit Loading(World& world) : world_(world) {}

  bool login(std::string_view id_text, std::string_view name) {
    std::uint64_t id = 0;
    if (!parse_id(id_text, id) || !plausible(name) || places_.contains(id)) return false;
    add(id, name.empty() ? fmt::format("user{}", id) : std::string(name));
    return true;
  }

  bool edge(std::string_view left, std::string_view right) {
    std::uint64_t one = 0, other = 0;
    if (!parse_id(left, one) || !parse_id(right, other)) return false;
    std::uint32_t a = place(one), b = place(other);
    follows_.push_back({a, b});
    if (a != b) follows_.push_back({b, a});
    return true;
  }

  void finish() { world_.graph().add(follows_); }

 private:
  std::uint32_t place(std::uint64_t id) {
    auto found = places_.find(id);
    return found != places_.end() ? found->second : add(id, fmt::format("user{}", id));
  }

  std::uint32_t add(std::uint64_t id, std::string login) {
    const Account* taken = world_.find_login(login);
    if (taken != nullptr) login += fmt::format("-{}", id);
    const Account& made = world_.add_generated(login, database_id_offset + id);
    places_.emplace(id, made.index);
    return made.index;
  }

  World& world_;
  std::unordered_map<std::uint64_t, std::uint32_t> places_;
  std::vector<Follow> follows_;
};

}  // namespace

void load_graph(World& world, const std::string& edges_file, const std::string& logins_file) {
  Loading loading(world);
  if (!logins_file.empty()) {
    read_pairs(logins_file, "id,name",
               [&](std::string_view id, std::string_view name) { return loading.login(id, name); });
  }
  if (!edges_file.empty()) {
    read_pairs(edges_file, "id_1,id_2", [&](std::string_view one, std::string_view other) {
      return loading.edge(one, other);
    });
  }
  loading.finish();
  world.seal_repositories();
}

}  // namespace tidemark::simulators
