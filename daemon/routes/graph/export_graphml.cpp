#include <array>

#include "daemon/json_text.hpp"
#include "daemon/routes/graph/export_rows.hpp"
#include "daemon/routes/graph/user_rows.hpp"

namespace tidemark::daemon::graph {

namespace {

using storage::graph::Edge;
using storage::graph::EdgeKind;

struct Key {
  std::string_view id, domain, type;
};
constexpr std::array<Key, 15> keys = {{{"kind", "node", "string"},
                                       {"label", "node", "string"},
                                       {"name", "node", "string"},
                                       {"location", "node", "string"},
                                       {"company", "node", "string"},
                                       {"bio", "node", "string"},
                                       {"email", "node", "string"},
                                       {"created_at", "node", "string"},
                                       {"followers_count", "node", "long"},
                                       {"following_count", "node", "long"},
                                       {"public_repos", "node", "long"},
                                       {"description", "node", "string"},
                                       {"language", "node", "string"},
                                       {"stargazers_count", "node", "long"},
                                       {"relation", "edge", "string"}}};

// Bytes of the UTF-8 letter that begins here, if XML 1.0 can hold it; 0: it cannot.
std::size_t letter_bytes(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return first >= 0x20 || first == '\t' || first == '\n' || first == '\r' ? 1 : 0;
  const std::size_t count = first >= 0xf0 && first < 0xf5   ? 4
                            : first >= 0xe0 && first < 0xf0 ? 3
                            : first >= 0xc2 && first < 0xe0 ? 2
                                                            : 0;
  if (count == 0 || text.size() < count) return 0;
  std::uint32_t code = first & (0x7fU >> count);
  for (std::size_t i = 1; i < count; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0) != 0x80) return 0;
    code = code << 6 | (next & 0x3f);
  }
  const bool overlong = (count == 3 && code < 0x800) || (count == 4 && code < 0x10000);
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  if (overlong || surrogate || code > 0x10ffff || code == 0xfffe || code == 0xffff) return 0;
  return count;
}

std::string_view entity_of(char letter) {
  switch (letter) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&apos;";
    // A parser would make other whitespace of them.
    case '\r': return "&#13;";
    case '\n': return "&#10;";
    case '\t': return "&#9;";
    default: return {};
  }
}

void data(std::string& out, std::string_view key, std::string_view value) {
  if (value.empty()) return;
  out.append("<data key=\"").append(key).append("\">");
  append_xml(out, value);
  out.append("</data>");
}

void data(std::string& out, std::string_view key, std::uint64_t value) {
  out.append("<data key=\"").append(key).append("\">");
  append_number(out, value);
  out.append("</data>");
}

void time_data(std::string& out, std::string_view key, std::int64_t unix_s) {
  if (unix_s == 0) return;
  std::string text;
  append_time(text, unix_s);
  data(out, key, text);
}

void open_node(std::string& out, char letter, std::uint64_t id) {
  out.append("<node id=\"") += letter;
  append_number(out, id);
  out.append("\">");
}

void put_edge(std::string& out, std::uint64_t from, char to_letter, std::uint64_t to,
              std::string_view relation) {
  out.append("<edge source=\"u");
  append_number(out, from);
  out.append("\" target=\"") += to_letter;
  append_number(out, to);
  out.append("\">");
  data(out, "relation", relation);
  out.append("</edge>\n");
}

class GraphmlRows final : public ExportRows {
 public:
  void head(std::string& out) override {
    out +=
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n";
    for (const auto& [id, domain, type] : keys) {
      out.append("<key id=\"").append(id).append("\" for=\"").append(domain);
      out.append("\" attr.name=\"").append(id).append("\" attr.type=\"").append(type);
      out.append("\"/>\n");
    }
    out += "<graph id=\"github\" edgedefault=\"directed\">\n";
  }

  void user(std::string& out, const storage::graph::User& user) override {
    const auto& profile = user.profile;
    open_node(out, 'u', user.id);
    data(out, "kind", name_of(user.kind));
    data(out, "label", user.login);
    data(out, "name", profile.name);
    data(out, "location", profile.location);
    data(out, "company", profile.company);
    data(out, "bio", profile.bio);
    data(out, "email", profile.email);
    time_data(out, "created_at", profile.created_s);
    if (user.read_ms != 0) {
      data(out, "followers_count", profile.followers);
      data(out, "following_count", profile.following);
      data(out, "public_repos", profile.public_repos);
    }
    out.append("</node>\n");
  }

  void repository(std::string& out, const RepositoryRow& row) override {
    const auto& repository = row.repository;
    open_node(out, 'r', repository.id);
    data(out, "kind", "repository");
    data(out, "label", row.full_name);
    data(out, "description", repository.description);
    data(out, "language", repository.language);
    time_data(out, "created_at", repository.created_s);
    data(out, "stargazers_count", repository.stargazers);
    out.append("</node>\n");
  }

  void owns(std::string& out, const storage::graph::Repository& repository) override {
    put_edge(out, repository.owner, 'r', repository.id, "owns");
  }

  void edge(std::string& out, EdgeKind kind, Edge edge) override {
    const bool follows = kind == EdgeKind::follows;
    put_edge(out, edge.from, follows ? 'u' : 'r', edge.to, follows ? "follows" : "stars");
  }

  void tail(std::string& out) override { out += "</graph>\n</graphml>\n"; }
};

}  // namespace

void append_xml(std::string& out, std::string_view value) {
  constexpr std::string_view replacement = "\xef\xbf\xbd";
  while (!value.empty()) {
    const std::size_t bytes = letter_bytes(value);
    const auto entity = bytes == 1 ? entity_of(value[0]) : std::string_view();
    if (bytes == 0) {
      out += replacement;
    } else if (entity.empty()) {
      out.append(value, 0, bytes);
    } else {
      out += entity;
    }
    value.remove_prefix(bytes == 0 ? 1 : bytes);
  }
}

std::unique_ptr<ExportRows> graphml_rows() { return std::make_unique<GraphmlRows>(); }

}  // namespace tidemark::daemon::graph
