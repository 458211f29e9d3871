#include "http/openhumans/api.hpp"

#include <fmt/format.h>

#include "http/excerpt.hpp"
#include "http/openhumans/call.hpp"
#include "http/openhumans/result.hpp"
#include "http/openhumans/values.hpp"

namespace tidemark::http::openhumans {
namespace {

constexpr std::size_t pages_max = 100;

ApiSettings normalized(ApiSettings settings) {
  while (settings.url.ends_with('/')) settings.url.pop_back();
  if (!parse_url(settings.url)) {
    throw std::invalid_argument(fmt::format(
        "openhumans.url is \"{}\": write an absolute address such as https://www.openhumans.org",
        excerpt(settings.url)));
  }
  return settings;
}

Call api_call(const ApiSettings& settings, std::string what, const std::string& path,
              const std::string& token) {
  tell(settings, token);
  Call call;
  call.what = std::move(what);
  call.address = settings.url + "/api/direct-sharing/project/" + path;
  call.authorization = "Bearer " + token;
  return call;
}

}  // namespace

Api::Api(Client& client, async::Clock& clock, ApiSettings settings)
    : client_(client), clock_(clock), settings_(normalized(std::move(settings))) {}

async::Task<Result<std::string>> Api::project_id(std::string token) {
  const Call request = api_call(settings_, "read the project", "", token);
  const Verdict verdict =
      co_await call(client_, async::Deadline::after(clock_, settings_.request_ms), request);
  co_return result_of(verdict, request.what, read_project);
}

async::Task<Result<MemberListing>> Api::member(std::string token) {
  Call request = api_call(settings_, "list the member's files", "exchange-member/", token);
  const std::string origin = parse_url(settings_.url)->origin();
  ListingAssembly assembly;
  for (std::size_t page_count = 0; page_count < pages_max; ++page_count) {
    const Verdict verdict =
        co_await call(client_, async::Deadline::after(clock_, settings_.request_ms), request);
    Result<ListingPage> page = result_of(verdict, request.what, read_listing_page);
    if (!page.ok()) co_return failure<MemberListing>(page.outcome, std::move(page.message));
    const std::string next = page.value.next;
    const std::string wrong = assembly.add(std::move(page.value));
    if (!wrong.empty()) co_return failure<MemberListing>(Outcome::transient, wrong);
    if (next.empty()) co_return assembly.finish();

    // The token goes with every page, so every page must be where the first one was.
    const std::optional<Url> url = parse_url(next);
    if (!url || url->origin() != origin) {
      co_return failure<MemberListing>(
          Outcome::rejected,
          fmt::format("the next page of the listing is at {}, not at {}: check openhumans.url",
                      url ? url->origin() : "no address", origin));
    }
    request.address = next;
  }
  co_return failure<MemberListing>(
      Outcome::rejected,
      fmt::format("the listing has more than {} pages: the member must delete files", pages_max));
}

async::Task<Result<Registered>> Api::register_upload(std::string token, std::string filename,
                                                     std::string metadata) {
  Call request = api_call(settings_, "register the upload", "files/upload/direct/", token);
  request.method = "POST";
  request.form.emplace_back("filename", std::move(filename));
  request.form.emplace_back("metadata", std::move(metadata));
  request.success = 201;
  // Twice makes two files. The orphan ages away, but why make it.
  request.idempotent = false;
  const Verdict verdict =
      co_await call(client_, async::Deadline::after(clock_, settings_.request_ms), request);
  co_return result_of(verdict, request.what, read_registered);
}

async::Task<Result<std::uint64_t>> Api::complete_upload(std::string token, std::uint64_t file_id) {
  Call request = api_call(settings_, "complete the upload", "files/upload/complete/", token);
  request.method = "POST";
  request.form.emplace_back("file_id", std::to_string(file_id));
  const Verdict verdict =
      co_await call(client_, async::Deadline::after(clock_, settings_.request_ms), request);
  co_return result_of(verdict, request.what, read_completed);
}

async::Task<Result<Nothing>> Api::delete_file(std::string token, std::uint64_t file_id) {
  Call request = api_call(settings_, "delete the file", "files/delete/", token);
  request.method = "POST";
  request.form.emplace_back("file_id", std::to_string(file_id));
  const Verdict verdict =
      co_await call(client_, async::Deadline::after(clock_, settings_.request_ms), request);
  co_return result_of(verdict, request.what, read_deleted);
}

}  // namespace tidemark::http::openhumans
