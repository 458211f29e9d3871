#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark::simulators {

// RFC 7636. Written apart from the daemon's own code, because the simulators judge it.
struct CodeChallenge {
  std::string text;    // empty: none was sent
  std::string method;  // "S256"; anything else compares plainly

  [[nodiscard]] bool met_by(std::string_view verifier) const;
};
[[nodiscard]] std::string hmac_sha1_hex(std::string_view key, std::string_view text);

// "Basic …": the client that sent it, its id and secret form-encoded as RFC 6749 has it, or plain.
[[nodiscard]] bool is_basic_client(std::string_view header, std::string_view id,
                                   std::string_view secret);

// Where an app may send people back to: addresses separated by spaces. With an empty list any
// loopback address or https is taken.
[[nodiscard]] std::vector<std::string> split_words(std::string_view text);
[[nodiscard]] bool is_loopback_or_https(std::string_view address);
// Path and all before it.
[[nodiscard]] std::string_view without_query(std::string_view address);

// What became of the pairs that were answered. A member is lost whose newest pair was answered but
// never used for anything, while all older ones are dead: they must sign in again.
struct PairState {
  bool issued = false;  // by an answer; not by the test's own hand
  bool used = false;    // either half came back to us
  bool cut = false;     // the answer was lost on the way, on purpose
  bool dead = false;
};
struct LostPairs {
  std::uint64_t answered_unused = 0, answer_cut = 0;

  // The pairs of one member, oldest first.
  void count(const std::vector<PairState>& pairs);
  void add(const LostPairs& other);
  [[nodiscard]] boost::json::object as_json() const;
};

// Of one member: what would still open a door. `unheard` ones were answered and never came back: of
// those the answer may have been lost, and nobody can end them.
struct LiveTokens {
  std::uint64_t used = 0, unheard = 0;
  std::uint64_t issued = 0;  // by answers, ever

  void count(const PairState& pair);
  [[nodiscard]] boost::json::object as_json() const;
};

}  // namespace tidemark::simulators
