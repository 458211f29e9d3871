// Ready-made replies of http/router.hpp.
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "http/router.hpp"
#include "http/utf8.hpp"

namespace tidemark::http {

Reply problem(unsigned status, std::string_view type, std::string_view title,
              std::string_view detail) {
  boost::json::object object;
  object["type"] = type;
  object["title"] = title;
  object["status"] = status;
  object["detail"] = detail;
  Reply reply = json_reply(status, as_utf8(boost::json::serialize(object)));
  reply.response.headers.set("Content-Type", "application/problem+json");
  return reply;
}

Reply json_reply(unsigned status, std::string body) {
  Reply reply;
  reply.response.status = status;
  reply.response.headers.add("Content-Type", "application/json");
  reply.response.body = std::move(body);
  return reply;
}

}  // namespace tidemark::http
