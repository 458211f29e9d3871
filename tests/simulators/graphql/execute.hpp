#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/simulators/graphql/query.hpp"

namespace tidemark::simulators::graphql {

// A field that could not be given: becomes null with an entry in `errors`; its siblings stay.
class FieldError : public std::runtime_error {
 public:
  FieldError(std::string type, const std::string& message)
      : std::runtime_error(message), type_(std::move(type)) {}
  [[nodiscard]] const std::string& type() const { return type_; }

 private:
  std::string type_;
};

class Object;
using ObjectPointer = std::shared_ptr<const Object>;

// A field's value before its selections are applied.
struct Resolved {
  enum class Kind { scalar, object, list };
  Kind kind = Kind::scalar;
  boost::json::value scalar;
  ObjectPointer object;             // may be null
  std::vector<ObjectPointer> list;  // elements may be null
  std::vector<std::pair<std::size_t, FieldError>> list_errors;

  Resolved() = default;
  Resolved(boost::json::value value) : scalar(std::move(value)) {}
  Resolved(ObjectPointer one) : kind(Kind::object), object(std::move(one)) {}
  Resolved(std::vector<ObjectPointer> many) : kind(Kind::list), list(std::move(many)) {}
};

// Something with fields: an account, a commit, a page of a connection.
class Object {
 public:
  virtual ~Object() = default;
  [[nodiscard]] virtual std::string_view type() const = 0;
  // May throw FieldError. Called with names of the type's own fields only.
  [[nodiscard]] virtual Resolved field(std::string_view name,
                                       const boost::json::object& arguments) const = 0;
};

// An object whose fields are written down when it is made.
class Record final : public Object {
 public:
  using Fields = std::map<std::string, Resolved, std::less<>>;
  Record(std::string type, Fields fields) : type_(std::move(type)), fields_(std::move(fields)) {}
  [[nodiscard]] std::string_view type() const override { return type_; }
  [[nodiscard]] Resolved field(std::string_view name,
                               const boost::json::object& arguments) const override;

 private:
  std::string type_;
  Fields fields_;
};

// The answer's body: {"data": …, "errors": […]?}.
[[nodiscard]] boost::json::object execute(const Schema& schema, const Query& query,
                                          const Object& root);

}  // namespace tidemark::simulators::graphql
