#include "tests/simulators/openhumans/answers.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace tidemark::simulators::shapes {

namespace bj = boost::json;

http::Response json(unsigned status, const bj::value& body) {
  http::Response response;
  response.status = status;
  response.headers.set("Content-Type", "application/json");
  response.headers.set("Cache-Control", "max-age=0, no-cache, no-store, must-revalidate, private");
  response.body = bj::serialize(body);
  return response;
}

http::Response html(unsigned status) {
  http::Response response;
  response.status = status;
  response.headers.set("Content-Type", "text/html; charset=utf-8");
  response.body = fmt::format(
      "<!DOCTYPE html>\n<html><head><title>{0}</title></head><body><h1>{0}"
      "</h1></body></html>\n",
      status);
  return response;
}

http::Response detail(unsigned status, std::string_view text) {
  return json(status, bj::object{{"detail", text}});
}

http::Response field_list(std::string_view field, std::string_view text) {
  return json(400, bj::object{{field, bj::array{bj::string(text)}}});
}

http::Response field_text(std::string_view field, std::string_view text) {
  return json(400, bj::object{{field, text}});
}

http::Response errors(std::string_view field, std::string_view text) {
  return json(400, bj::object{{"errors", bj::object{{field, bj::array{bj::string(text)}}}}});
}

http::Response oauth(unsigned status, std::string_view error, std::string_view description) {
  bj::object body{{"error", error}};
  if (!description.empty()) body["error_description"] = description;
  http::Response response = json(status, body);
  response.headers.set("Cache-Control", "no-store");
  if (error == "invalid_client") {
    response.headers.set("WWW-Authenticate", "Bearer error=\"invalid_client\"");
  }
  return response;
}

http::Response xml(unsigned status, std::string_view code, std::string_view message) {
  http::Response response;
  response.status = status;
  response.headers.set("Content-Type", "application/xml");
  response.body = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{}</Code>"
      "<Message>{}</Message></Error>",
      code, message);
  return response;
}

std::optional<std::string> text_of(const bj::object& fields, std::string_view name) {
  const bj::value* found = fields.if_contains(name);
  if (found == nullptr || found->is_null()) return std::nullopt;
  if (found->is_string()) return std::string(found->as_string());
  return bj::serialize(*found);
}

}  // namespace tidemark::simulators::shapes
