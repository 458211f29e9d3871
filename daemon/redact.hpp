#pragma once

#include <deque>
#include <string>
#include <string_view>

namespace tidemark::daemon {

// Takes secrets out of texts for people: what looks like a GitHub token, what follows "Bearer" or
// "access_token=", and every secret that it was told of. The last line of defence: no code may rely
// on it to put a token into a message.
class Redactor {
 public:
  // Remembers the 4,096 that it was told of last. Texts under 8 characters are not secrets but
  // words.
  void learn(std::string secret);
  [[nodiscard]] std::string clean(std::string_view text) const;

 private:
  std::deque<std::string> known_;
};

}  // namespace tidemark::daemon
