#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "http/async/clock.hpp"
#include "http/async/task.hpp"

namespace tidemark::jobs::sign_in {

struct AttemptLimits {
  std::size_t at_once = 4;  // of the eight connections that syncs and renewals use as well
  std::size_t waiting_most = 256;
  std::size_t waiting_of_address_most = 16;  // a school behind one address signs in as well
  async::Milliseconds wait_most{10'000};
  std::size_t kept_most = 4'096;
};

// Codes come from outside, and each costs a question to the provider: no more than a few at once,
// the addresses they come from in turn, so that a crowd behind one of them delays the others by a
// question at most; and a state whose code was refused is not asked about again.
class Attempts {
  struct Queue;

 public:
  Attempts(async::Executor executor, async::Clock& clock, AttemptLimits limits = {});
  ~Attempts();

  // Frees itself.
  class Place {
   public:
    explicit Place(std::shared_ptr<Queue> queue) : queue_(std::move(queue)) {}
    Place(Place&& other) noexcept = default;
    Place& operator=(Place&&) = delete;
    ~Place();

   private:
    std::shared_ptr<Queue> queue_;
  };
  // A place among those who exchange a code at the provider: address after address, and of one in
  // the order of coming. Empty: too many wait, or it took too long. `address` as limits count it
  // (http::limited_address). Much may have happened meanwhile: look again at what was looked at.
  async::Task<std::optional<Place>> enter(std::string provider, std::string address);

  // The code of this state was refused. Forgotten when the state ends by itself, or when so many
  // others came after it.
  void refuse(const std::string& digest, std::int64_t state_expires_ms);
  [[nodiscard]] bool was_refused(const std::string& digest) const;

 private:
  [[nodiscard]] std::int64_t now_ms() const { return clock_.wall_now().time_since_epoch().count(); }

  async::Executor executor_;
  async::Clock& clock_;
  AttemptLimits limits_;
  std::map<std::string, std::shared_ptr<Queue>> queues_;  // by provider
  std::map<std::string, std::int64_t> refused_;           // until when
  std::deque<std::string> order_;                         // as they came
};

}  // namespace tidemark::jobs::sign_in
