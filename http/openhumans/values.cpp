#include "http/openhumans/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "http/json_document.hpp"
#include "http/url.hpp"

namespace tidemark::http::openhumans {
namespace {

template <class Value>
Result<Value> absurd(std::string what) {
  return Result<Value>{Outcome::transient, "an answer without sense: " + std::move(what), {}};
}

const boost::json::object no_object;

const boost::json::object& object_of(const boost::json::value& body) {
  return body.is_object() ? body.get_object() : no_object;
}

}  // namespace

Result<std::string> read_project(const boost::json::value& body) {
  const boost::json::object& object = object_of(body);
  if (const auto id = unsigned_member(object, "id")) {
    return Result<std::string>{Outcome::ok, {}, fmt::format("direct-sharing-{}", *id)};
  }
  return absurd<std::string>("the project has no numeric id");
}

Result<Registered> read_registered(const boost::json::value& body) {
  const boost::json::object& object = object_of(body);
  const auto id = unsigned_member(object, "id");
  const auto url = string_member(object, "url");
  if (!id) return absurd<Registered>("the registered file has no numeric id");
  if (!url || !parse_url(*url)) return absurd<Registered>("there is no address to put the file to");
  return Result<Registered>{Outcome::ok, {}, Registered{*id, std::string(*url)}};
}

Result<std::uint64_t> read_completed(const boost::json::value& body) {
  const boost::json::object& object = object_of(body);
  const auto size = unsigned_member(object, "size");
  if (string_member(object, "status") != "ok") {
    return absurd<std::uint64_t>("the completed file's status is not \"ok\"");
  }
  if (!size) return absurd<std::uint64_t>("the completed file has no size");
  return Result<std::uint64_t>{Outcome::ok, {}, *size};
}

Result<Nothing> read_deleted(const boost::json::value& body) {
  // An empty list is success too: the file was gone before.
  const boost::json::value* ids = object_of(body).if_contains("ids");
  if (ids == nullptr || !ids->is_array()) return absurd<Nothing>("no list of deleted ids");
  return Result<Nothing>{};
}

Result<Grant> read_grant(const boost::json::value& body) {
  const boost::json::object& object = object_of(body);
  const auto access = string_member(object, "access_token");
  const auto refresh = string_member(object, "refresh_token");
  const auto expires_in_s = unsigned_member(object, "expires_in");
  if (!access || access->empty()) return absurd<Grant>("no access_token");
  if (!refresh || refresh->empty()) return absurd<Grant>("no refresh_token");
  Grant grant;
  grant.access = *access;
  grant.refresh = *refresh;
  grant.scope = string_member(object, "scope").value_or("");
  // The old pair is dead by now: a new one is not thrown away over its lifetime. When it ends, a
  // 401 will tell.
  constexpr std::uint64_t expires_in_s_max = 100ULL * 366 * 86'400;
  if (expires_in_s && *expires_in_s <= expires_in_s_max) {
    grant.expires_in_s = static_cast<std::int64_t>(*expires_in_s);
  }
  return Result<Grant>{Outcome::ok, {}, std::move(grant)};
}

}  // namespace tidemark::http::openhumans
