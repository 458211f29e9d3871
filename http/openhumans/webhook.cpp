#include "http/openhumans/webhook.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "http/digest.hpp"
#include "http/excerpt.hpp"
#include "http/json_document.hpp"

namespace tidemark::http::openhumans {
namespace {

constexpr std::size_t member_id_letters_max = 16;

DeauthorizationReading refused(unsigned status, std::string problem) {
  return {std::nullopt, status, std::move(problem)};
}

bool is_member_id(std::string_view text) {
  return !text.empty() && text.size() <= member_id_letters_max &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// Empty when the signature proves that Open Humans wrote the body.
std::string signature_problem(std::string_view secret, const Headers& headers,
                              std::string_view body) {
  if (secret.empty()) {
    return "no webhook secret is set, so that nothing can be proved: set "
           "openhumans.webhook_secret_file";
  }
  const auto header = headers.find("X-OpenHumans-Webhooks-Signature");
  if (!header) {
    return "the request is not signed: Open Humans sends it so when the first one was not answered "
           "with success, or no webhook secret is set for the project there";
  }
  if (!same_secret(lower_case(*header), "sha1=" + hmac_sha1_hex(secret, body))) {
    return "the signature is not that of this body: compare openhumans.webhook_secret_file with "
           "the "
           "project's webhook secret at Open Humans";
  }
  return {};
}

}  // namespace

DeauthorizationReading read_deauthorization(std::string_view secret, const Headers& headers,
                                            std::string_view body) {
  // Before the first byte of it is read.
  std::string unproved = signature_problem(secret, headers, body);
  if (!unproved.empty()) return refused(403, std::move(unproved));

  const JsonDocument document = parse_json(body);
  if (!document.ok()) return refused(400, document.error);
  const boost::json::object* object = document.value.if_object();
  if (object == nullptr) {
    return refused(400,
                   fmt::format("the body is {}, not an object", kind_of(document.value.value())));
  }
  const auto member = string_member(*object, "project_member_id");
  if (!member || !is_member_id(*member)) {
    return refused(400, "project_member_id is not a text of 1 to 16 digits");
  }
  Deauthorization told{std::string(*member), false,
                       excerpt(string_member(*object, "timestamp").value_or(""), 64)};
  // A plain leave has no value here, or null.
  const boost::json::value* erasure = object->if_contains("erasure_requested");
  if (erasure != nullptr && !erasure->is_null()) {
    if (!erasure->is_bool()) {
      return refused(400, fmt::format("erasure_requested is {}, not a boolean", kind_of(*erasure)));
    }
    told.erasure_requested = erasure->get_bool();
  }
  return {std::move(told), 200, {}};
}

}  // namespace tidemark::http::openhumans
