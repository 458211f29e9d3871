#include "daemon/routes/query_parameters.hpp"

namespace tidemark::daemon {

using Kind = QueryParameter::Kind;

QueryParameter free_text(std::string_view name) { return {.name = std::string(name)}; }

QueryParameter required_text(std::string_view name) {
  return {.name = std::string(name), .required = true};
}

QueryParameter whole_number(std::string_view name, std::uint64_t least, std::uint64_t most,
                            std::optional<std::uint64_t> by_itself) {
  return {.name = std::string(name),
          .kind = Kind::whole_number,
          .least = least,
          .most = most,
          .by_itself = by_itself ? std::to_string(*by_itself) : std::string()};
}

QueryParameter one_of(std::string_view name, std::vector<std::string> choices,
                      std::string_view by_itself) {
  return {.name = std::string(name),
          .choices = std::move(choices),
          .by_itself = std::string(by_itself)};
}

}  // namespace tidemark::daemon
