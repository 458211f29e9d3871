#include "daemon/routes/public/start_cookie.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "http/digest.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

constexpr std::size_t state_letters = 43;
constexpr std::size_t name_letters = 16;

std::string prefix(bool secure) { return secure ? "__Host-tidemark-start-" : "tidemark-start-"; }

bool is_base64url(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

bool is_state(std::string_view text) { return text.size() == state_letters && is_base64url(text); }

std::string cookie_name(std::string_view state, bool secure) {
  return prefix(secure) + std::string(state.substr(0, name_letters));
}

// Sealed for this name: the value of one start is of no use under another's.
std::string place_of(std::string_view state) {
  return "start:" + std::string(state.substr(0, name_letters));
}

std::string hex_text(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

std::optional<std::string> bytes_of(std::string_view hex) {
  if (hex.size() % 2 != 0 || hex.size() > 2'000) return std::nullopt;
  std::string bytes;
  auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit(hex[i]), low = digit(hex[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  return bytes;
}

std::string to_text(const SignInStart& start) {
  json::object object;
  object["provider"] = start.provider;
  object["member"] = start.member;
  object["private"] = start.wants_private;
  object["again"] = start.again;
  object["state"] = start.state;
  object["verifier"] = start.verifier;
  object["expires_ms"] = start.expires_ms;
  return json::serialize(object);
}

SignInStart from_text(const std::string& text) {
  const json::value parsed = json::parse(text);
  const json::object& object = parsed.as_object();
  SignInStart start;
  start.provider = object.at("provider").as_string();
  start.member = object.at("member").as_string();
  start.wants_private = object.at("private").as_bool();
  const json::value* again = object.if_contains("again");
  start.again = again != nullptr && again->as_bool();
  start.state = object.at("state").as_string();
  start.verifier = object.at("verifier").as_string();
  start.expires_ms = object.at("expires_ms").as_int64();
  return start;
}

// What our key authenticates is ours, and well-formed; anything else is no start.
std::optional<SignInStart> opened(const storage::Sealer& sealer, std::string_view sealed,
                                  const std::string& place) {
  try {
    return from_text(sealer.open(sealed, place));
  } catch (const std::exception&) {
    return std::nullopt;  // forged, cut, of a key that is gone, or of another version of tidemark
  }
}

}  // namespace

SignInStart begin_start(async::Random& random, std::string provider, std::string member,
                        bool wants_private, std::int64_t now_ms) {
  SignInStart start;
  start.provider = std::move(provider);
  start.member = std::move(member);
  start.wants_private = wants_private;
  start.state = http::random_text(random);
  start.verifier = http::random_text(random);
  start.expires_ms = now_ms + sign_in_start_ms;
  return start;
}

std::vector<std::string> start_cookies(const storage::Sealer& sealer, const SignInStart& start,
                                       const http::Headers& request, bool secure) {
  std::vector<std::string> set;
  const std::string sealed = sealer.seal(to_text(start), place_of(start.state));
  set.push_back(http::set_cookie(
      {cookie_name(start.state, secure), hex_text(sealed), sign_in_start_ms / 1'000, secure}));
  std::vector<std::string> others;
  for (const auto& [name, value] : http::cookies_of(request)) {
    if (name.starts_with(prefix(secure)) && is_base64url(name)) others.push_back(name);
  }
  // Browsers send the older ones first (RFC 6265, 5.4).
  const std::size_t keep = sign_in_starts_most - 1;
  for (std::size_t i = 0; i + keep < others.size(); ++i) {
    set.push_back(http::set_cookie({others[i], "", 0, secure}));
  }
  return set;
}

std::optional<SignInStart> find_start(const storage::Sealer& sealer, const http::Headers& request,
                                      std::string_view state, std::string_view provider,
                                      bool secure, std::int64_t now_ms) {
  if (!is_state(state)) return std::nullopt;
  const std::string wanted = cookie_name(state, secure);
  for (const auto& [name, value] : http::cookies_of(request)) {
    if (name != wanted) continue;
    const auto sealed = bytes_of(value);
    if (!sealed) continue;
    auto start = opened(sealer, *sealed, place_of(state));
    if (!start || !http::same_secret(start->state, state)) continue;
    if (start->provider != provider || now_ms >= start->expires_ms) return std::nullopt;
    return start;
  }
  return std::nullopt;
}

std::string end_start_cookie(std::string_view state, bool secure) {
  if (!is_state(state)) return {};
  return http::set_cookie({cookie_name(state, secure), "", 0, secure});
}

}  // namespace tidemark::daemon
