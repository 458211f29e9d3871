#include "daemon/routes/public/visitor.hpp"

#include <algorithm>

#include "http/cookie.hpp"
#include "http/digest.hpp"

namespace tidemark::daemon {

namespace {

constexpr std::int64_t seen_every_ms = 3'600'000;
constexpr std::size_t member_letters_most = 16;
constexpr std::size_t secret_letters = 43;

std::string cookie_name(bool secure) { return secure ? "__Host-tidemark" : "tidemark"; }

// "12345678.<43 letters>"
struct SessionCookie {
  std::string member, secret;
};

std::optional<SessionCookie> parse_cookie(std::string_view text) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos || dot == 0 || dot > member_letters_most) return std::nullopt;
  const auto member = text.substr(0, dot), secret = text.substr(dot + 1);
  auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!std::ranges::all_of(member, is_digit) || secret.size() != secret_letters) {
    return std::nullopt;
  }
  return SessionCookie{std::string(member), std::string(secret)};
}

std::optional<SessionCookie> cookie_of(const http::Headers& headers, bool secure) {
  for (const auto& [name, value] : http::cookies_of(headers)) {
    if (name != cookie_name(secure)) continue;
    if (auto cookie = parse_cookie(value)) return cookie;
  }
  return std::nullopt;
}

std::string csrf_of(const std::string& secret) { return http::hmac_sha256_hex(secret, "csrf"); }

struct Found {
  std::optional<storage::Session> session;
  std::optional<storage::Member> member;
};

// That it is in use. With a full disk the session ends a little earlier, and nobody is turned away.
async::Task<void> touch(PublicServices& services, std::string member, std::string digest,
                        std::int64_t now_ms) {
  auto work = [&](storage::Writer& writer) {
    auto row = storage::find_session(writer, member, digest);
    if (!row) return;  // signed out meanwhile
    row->seen_ms = now_ms;
    storage::put_session(writer, *row);
  };
  try {
    co_await services.store.write(storage::Durability::soon, std::move(work));
  } catch (const storage::DiskFull&) {
  } catch (const storage::PoolFull&) {
  }
}

}  // namespace

std::string session_of(const http::Headers& headers, bool secure) {
  const auto cookie = cookie_of(headers, secure);
  return cookie ? cookie->member + "." + cookie->secret : std::string();
}

async::Task<Visitor> visitor_of(PublicServices& services, const http::Call& call) {
  Visitor visitor;
  const auto cookie = cookie_of(call.request.headers, services.settings.secure);
  if (!cookie) co_return visitor;
  const auto digest = http::sha256_hex(cookie->secret);
  auto find = [&](const storage::Reader& reader) {
    Found found;
    found.session = storage::find_session(reader, cookie->member, digest);
    if (found.session) found.member = storage::find_member(reader, cookie->member);
    return found;
  };
  Found found = co_await services.store.read(std::move(find));
  const auto now_ms = services.now_ms();
  visitor.had_session = true;
  if (!found.session || !found.member) co_return visitor;
  const storage::Session& session = *found.session;
  const bool over = now_ms >= session.expires_ms ||
                    now_ms >= session.seen_ms + services.settings.idle_ms ||
                    found.member->state == storage::MemberState::leaving;
  if (over) co_return visitor;
  if (now_ms >= session.seen_ms + seen_every_ms) {
    co_await touch(services, cookie->member, digest, now_ms);
  }
  visitor.member = std::move(found.member);
  visitor.digest = digest;
  visitor.csrf = csrf_of(cookie->secret);
  co_return visitor;
}

std::string refuse_form(const PublicServices& services, const Visitor& visitor,
                        const http::Call& call, const http::Form& form) {
  const auto& headers = call.request.headers;
  const auto origin = headers.find("Origin");
  if (origin && *origin != services.settings.url) return "the form was sent from another site";
  const auto site = headers.find("Sec-Fetch-Site");
  if (site && *site != "same-origin") return "the form was sent from another site";
  const auto csrf = http::form_value(form, "csrf").value_or("");
  if (!http::same_secret(csrf, visitor.csrf)) return "the form is not from this session";
  return {};
}

SessionMaker::SessionMaker(PublicServices& services, const http::Call& call)
    : secret_(http::random_text(services.random)),
      digest_(http::sha256_hex(secret_)),
      now_ms_(services.now_ms()),
      length_ms_(services.settings.session_ms),
      secure_(services.settings.secure) {
  if (const auto old = cookie_of(call.request.headers, secure_)) {
    old_member_ = old->member;
    old_digest_ = http::sha256_hex(old->secret);
  }
}

void SessionMaker::store(storage::Writer& writer, const storage::Member& member) const {
  if (!old_digest_.empty()) storage::erase_session(writer, old_member_, old_digest_);
  storage::Session session;
  session.member = member.id;
  session.digest = digest_;
  session.created_ms = session.seen_ms = now_ms_;
  session.expires_ms = now_ms_ + length_ms_;
  storage::put_session(writer, session);
}

std::string SessionMaker::cookie(const std::string& member) const {
  return http::set_cookie(
      {cookie_name(secure_), member + "." + secret_, length_ms_ / 1'000, secure_});
}

std::string end_session_cookie(const PublicServices& services) {
  const bool secure = services.settings.secure;
  return http::set_cookie({cookie_name(secure), "", 0, secure});
}

}  // namespace tidemark::daemon
