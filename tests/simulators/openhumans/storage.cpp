#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <charconv>
#include <map>

#include "tests/simulators/openhumans.hpp"
#include "tests/simulators/openhumans/answers.hpp"
#include "tests/simulators/world.hpp"

namespace tidemark::simulators {

namespace {

constexpr std::string_view access_key = "AKIASIMULATED";
constexpr std::string_view secret_key = "simulated storage secret";
constexpr std::string_view bucket = "/openhumans-data";

std::string hmac_sha1_base64(std::string_view key, const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &length);
  return base64(std::string_view(reinterpret_cast<const char*>(digest.data()), length), false);
}

}  // namespace

// Signature version 2: verb, Content-MD5, Content-Type, Expires, x-amz-* and the path.
std::string OpenHumansSimulator::signature(std::string_view method, std::string_view path,
                                           const std::string& expires,
                                           const http::Headers& headers) const {
  std::string text(method);
  text += "\n" + std::string(headers.find("Content-MD5").value_or(""));
  text += "\n" + std::string(headers.find("Content-Type").value_or(""));
  text += "\n" + expires + "\n";
  std::map<std::string, std::string> amazon;
  for (const auto& [name, value] : headers) {
    if (lower_case(name).starts_with("x-amz-")) amazon[lower_case(name)] = value;
  }
  for (const auto& [name, value] : amazon) text += name + ":" + value + "\n";
  return hmac_sha1_base64(secret_key, text + std::string(bucket) + std::string(path));
}

std::string OpenHumansSimulator::signed_url(std::string_view method, const std::string& key,
                                            std::int64_t expires_s) const {
  std::string expires = std::to_string(expires_s);
  std::string made = signature(method, "/" + key, expires, {});
  return settings_.storage_url + "/" + key + "?Signature=" + http::percent_encode(made) +
         "&Expires=" + expires + "&AWSAccessKeyId=" + std::string(access_key);
}

StoredFile* OpenHumansSimulator::find_key(std::string_view path) {
  for (StoredFile& each : files_) {
    if ("/" + each.key == path) return &each;
  }
  return nullptr;
}

http::Response OpenHumansSimulator::storage(Step& step) {
  const http::Headers& headers = step.request.headers;
  if (headers.has("Authorization")) {
    return shapes::xml(400, "InvalidArgument", "Only one auth mechanism allowed");
  }
  auto given = http::form_value(step.query, "Signature");
  auto expires = http::form_value(step.query, "Expires");
  if (!given || !expires) return shapes::xml(403, "AccessDenied", "Access Denied");
  std::int64_t expires_s = 0;
  std::from_chars(expires->data(), expires->data() + expires->size(), expires_s);
  std::string wanted = signature(step.request.method, step.path, std::string(*expires), headers);
  if (*given != wanted) {
    return shapes::xml(403, "SignatureDoesNotMatch",
                       "The request signature we calculated does not match the signature you "
                       "provided. Check your key and signing method.");
  }
  if (step.now_ms / 1000 > expires_s)
    return shapes::xml(403, "AccessDenied", "Request has expired");
  StoredFile* file = find_key(step.path);
  if (file == nullptr) return shapes::xml(404, "NoSuchKey", "The specified key does not exist.");
  step.member = find_member(file->member_id);
  if (step.request.method == "PUT") return storage_put(step, *file);
  if (!file->put || file->deleted) {
    return shapes::xml(404, "NoSuchKey", "The specified key does not exist.");
  }
  http::Response response{200, {}, file->content};
  response.headers.set("Content-Type", "binary/octet-stream");
  response.headers.set("ETag", "\"" + hex_digest("MD5", file->content) + "\"");
  return response;
}

http::Response OpenHumansSimulator::storage_put(Step& step, StoredFile& file) {
  const http::Headers& headers = step.request.headers;
  if (headers.has("Transfer-Encoding") || !headers.has("Content-Length")) {
    return shapes::xml(411, "MissingContentLength",
                       "You must provide the Content-Length HTTP header.");
  }
  file.content = step.request.body;
  file.put = true;
  note(file, "put", step.now_ms, file.content.size());
  http::Response response{200, {}, {}};
  response.headers.set("ETag", "\"" + hex_digest("MD5", file.content) + "\"");
  return response;
}

http::Response OpenHumansSimulator::download(Step& step) {
  auto key = http::form_value(step.query, "key");
  auto known = key ? keys_.find(*key) : keys_.end();
  std::string path = "/data-management/datafile-download/";
  bool right = known != keys_.end() &&
               step.path == path + std::to_string(known->second.file_id) + "/" &&
               step.now_ms < known->second.made_ms + settings_.key_lifetime_s * 1000;
  StoredFile* file = right ? find_file(known->second.file_id) : nullptr;
  if (file == nullptr || file->deleted) return shapes::html(403);
  http::Response response = shapes::html(302);
  response.headers.set("Location",
                       signed_url("GET", file->key, step.now_ms / 1000 + settings_.get_lifetime_s));
  return response;
}

}  // namespace tidemark::simulators
