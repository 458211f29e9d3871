#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "daemon/address_limits.hpp"
#include "http/message.hpp"

namespace tidemark::daemon {

// How often an address may ask for the members' pages: two budgets, so that the pages of members,
// which ask for what is new every two seconds, do not take the sign-in from the other people behind
// the same address.
class PublicRates {
 public:
  PublicRates(std::uint64_t per_minute, bool secure);

  // What is asked, as far as the budget depends on it.
  struct Question {
    bool is_asset = false;
    std::string session;  // of a member's own page: the digest of the cookie
  };
  [[nodiscard]] Question question_of(const http::Request& request) const;

  // 0: go ahead. Otherwise how many seconds to wait.
  [[nodiscard]] std::int64_t take(std::string_view address, const Question& question,
                                  std::int64_t now_ms);
  // The answer tells whether the session is good; until then the question counts as a stranger's.
  void answered(const Question& question, unsigned status);
  void set_rate(std::uint64_t per_minute);

 private:
  [[nodiscard]] bool is_known(const std::string& session) const;

  bool secure_;
  AddressLimits strict_, members_;
  std::set<std::string> known_, known_before_;  // digests of good sessions, a bounded number
};

}  // namespace tidemark::daemon
