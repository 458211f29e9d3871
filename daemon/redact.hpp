#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace tidemark::daemon {

// Takes secrets out of texts for people: what looks like a GitHub token, what follows "Bearer" or
// "access_token=", and every secret that it was told of. The last line of defence: no code may rely
// on it to put a token into a message.
class Redactor {
 public:
  Redactor() = default;
  Redactor(const Redactor&) = delete;
  Redactor& operator=(const Redactor&) = delete;

  // Remembers the 4,096 that it was told of last. Texts under 8 characters are not secrets but
  // words. Never what a stranger sent: strangers would choose which words of the log are masked.
  void learn(std::string secret);
  // Remembers for as long as the process lives, whatever else is learnt.
  void pin(std::string secret);
  [[nodiscard]] std::string clean(std::string_view text) const;

 private:
  using Secrets = std::list<std::string>;
  void forget_oldest();
  void index(Secrets::iterator secret);
  [[nodiscard]] std::size_t secret_at(std::string_view text) const;
  [[nodiscard]] std::string without_known(std::string_view text) const;

  Secrets pinned_, learnt_;  // the newest last
  std::unordered_map<std::string_view, Secrets::iterator> known_;
  // By their first 8 bytes, so that one look at a place in a text asks after all of them; and
  // before that a filter, because nearly all places begin no secret.
  std::unordered_multimap<std::uint64_t, const std::string*> by_start_;
  std::bitset<1U << 16U> may_start_;
};

}  // namespace tidemark::daemon
