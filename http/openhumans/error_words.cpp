#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "http/excerpt.hpp"
#include "http/json_document.hpp"
#include "http/openhumans/verdict.hpp"

namespace tidemark::http::openhumans {
namespace {

// A field's value is a text or a list of texts; anything else is shown as it stands.
std::string texts_of(const boost::json::value& value) {
  if (value.is_string()) return std::string(std::string_view(value.get_string()));
  if (!value.is_array()) return boost::json::serialize(value);
  std::string texts;
  for (const boost::json::value& element : value.get_array()) {
    if (!texts.empty()) texts += ", ";
    texts += element.is_string() ? std::string(std::string_view(element.get_string()))
                                 : boost::json::serialize(element);
  }
  return texts;
}

std::string fields_of(const boost::json::object& object) {
  std::string words;
  for (const auto& [name, value] : object) {
    if (!words.empty()) words += "; ";
    words += std::string(std::string_view(name)) + ": " + texts_of(value);
  }
  return words;
}

}  // namespace

std::string error_words(const boost::json::value& body) {
  if (!body.is_object()) return excerpt(texts_of(body));
  const boost::json::object& object = body.get_object();
  if (const auto error = string_member(object, "error")) {
    const auto description = string_member(object, "error_description");
    if (!description) return excerpt(*error);
    return excerpt(std::string(*error) + ": " + std::string(*description));
  }
  if (const auto detail = string_member(object, "detail")) return excerpt(*detail);
  if (const boost::json::value* errors = object.if_contains("errors");
      errors != nullptr && errors->is_object()) {
    return excerpt(fields_of(errors->get_object()));
  }
  return excerpt(fields_of(object));
}

}  // namespace tidemark::http::openhumans
