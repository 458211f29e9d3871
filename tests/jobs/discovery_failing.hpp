#pragma once

#include <boost/test/unit_test.hpp>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "storage/graph/frontier.hpp"
#include "tests/jobs/discovery_world.hpp"

namespace tidemark::test {

// Which questions GitHub fails as a whole, and with what words.
using Fails = std::function<bool(const http::Request&)>;
struct FailureWords {
  unsigned status = 502;
  std::string body;
};
inline const FailureWords gateway_error{
    502, R"({"data":null,"errors":[{"message":"Something went wrong"}]})"};
inline const FailureWords too_heavy{200,
                                    R"({"data":null,"errors":[{"type":"RESOURCE_LIMITS_EXCEEDED",)"
                                    R"("message":"Resource limits for this query exceeded."}]})"};
// None of these is an outage: GitHub's word, whichever form it has.
inline const std::vector<FailureWords> last_words = {
    {200, R"({"errors":[{"message":"Odd question"}]})"},
    {422, R"({"message":"Odd question"})"},
    {200, R"({"data":null,"errors":[{"type":"FORBIDDEN","message":"Odd question"}]})"},
    {403, R"({"message":"Odd question"})"},
    {200, R"({"data":null,"errors":[{"type":"NOT_FOUND","message":"Odd question"}]})"},
    {404, R"({"message":"Odd question"})"}};

struct FailingWorld : DiscoveryWorld {
  void fail(Fails fails, FailureWords words) {
    after_github = [this, fails = std::move(fails), words = std::move(words)](
                       const http::Request& request, http::Response& response) {
      if (request.method != "POST") return;
      ++questions;
      if (!fails(request)) return;
      ++failed;
      response.status = words.status;
      response.body = words.body;
    };
  }
  // Quick: an error that may be an outage. Else GitHub says that the question is too heavy.
  void fail(Fails fails, bool quick) { fail(std::move(fails), quick ? gateway_error : too_heavy); }

  storage::graph::Seed seed(const std::string& login) {
    std::optional<storage::graph::Seed> found;
    engine->read(
        [&](const storage::Reader& reader) { found = storage::graph::find_seed(reader, login); });
    return found.value();
  }
  std::uint64_t points() { return spent("graphql").points; }

  std::size_t questions = 0, failed = 0;
};

inline Fails naming(const std::string& text) {
  return [text](const http::Request& request) {
    return request.body.find("\"" + text + "\"") != std::string::npos;
  };
}

inline void expect_done(const storage::Job& job) {
  BOOST_TEST((job.state == storage::JobState::done), job.wait_reason << job.last_error);
}

}  // namespace tidemark::test
