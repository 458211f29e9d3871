#include "daemon/routes/repeated_name.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <set>

namespace tidemark::daemon {

namespace {

// Hears the parser's events, as it wants them; only names of the outermost object count.
struct Names {
  using Error = boost::system::error_code;
  using Text = boost::json::string_view;
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = max_object_size;
  static constexpr std::size_t max_key_size = max_object_size;
  static constexpr std::size_t max_string_size = max_object_size;

  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }
  bool on_object_begin(Error&) { return ++depth > 0; }
  bool on_object_end(std::size_t, Error&) { return depth-- > 0; }
  bool on_array_begin(Error&) { return ++depth > 0; }
  bool on_array_end(std::size_t, Error&) { return depth-- > 0; }
  bool on_key_part(Text part, std::size_t, Error&) {
    name.append(part.data(), part.size());
    return true;
  }
  bool on_key(Text part, std::size_t, Error&) {
    name.append(part.data(), part.size());
    if (depth == 1 && !seen.insert(name).second && !repeated) repeated = name;
    name.clear();
    return true;
  }
  bool on_string_part(Text, std::size_t, Error&) { return true; }
  bool on_string(Text, std::size_t, Error&) { return true; }
  bool on_number_part(Text, Error&) { return true; }
  bool on_int64(std::int64_t, Text, Error&) { return true; }
  bool on_uint64(std::uint64_t, Text, Error&) { return true; }
  bool on_double(double, Text, Error&) { return true; }
  bool on_bool(bool, Error&) { return true; }
  bool on_null(Error&) { return true; }
  bool on_comment_part(Text, Error&) { return true; }
  bool on_comment(Text, Error&) { return true; }

  std::size_t depth = 0;
  std::string name;
  std::set<std::string> seen;
  std::optional<std::string> repeated;
};

}  // namespace

std::optional<std::string> repeated_name(std::string_view object_text) {
  boost::json::basic_parser<Names> parser(boost::json::parse_options{});
  boost::system::error_code error;
  (void)parser.write_some(false, object_text.data(), object_text.size(), error);
  return std::move(parser.handler().repeated);
}

}  // namespace tidemark::daemon
