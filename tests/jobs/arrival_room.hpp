#pragma once

#include <functional>
#include <ostream>
#include <string>

#include "jobs/sign_in/arrive.hpp"
#include "tests/jobs/token_room.hpp"

namespace tidemark::jobs::sign_in {

// For the messages of failed checks.
inline std::ostream& operator<<(std::ostream& out, const Arrived& arrived) {
  return out << name_of(arrived.arrival) << ": " << arrived.message;
}

}  // namespace tidemark::jobs::sign_in

namespace tidemark::test {

// People who come back from a provider with a code.
struct ArrivalRoom : TokenRoom {
  static inline const std::string newcomer = "00000077";

  // The person allowed it at Open Humans.
  [[nodiscard]] jobs::sign_in::Return from_openhumans(const std::string& person,
                                                      const std::string& state);
  // The account allowed it at GitHub, with these scopes.
  [[nodiscard]] jobs::sign_in::Return from_github(const std::string& login,
                                                  const std::string& state,
                                                  const std::string& scopes = {});
  // A member who has signed in with Open Humans, and no more.
  void add_unconnected(const std::string& member);
  void change(const std::string& member, const std::function<void(storage::Member&)>& body);

  [[nodiscard]] bool github_accepts(const std::string& access);
  [[nodiscard]] std::optional<storage::Job> job(const std::string& kind, const std::string& key);
  [[nodiscard]] std::size_t held();  // tokens that are nobody's yet
};

}  // namespace tidemark::test
