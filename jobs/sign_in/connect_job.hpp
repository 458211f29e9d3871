#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "jobs/runner.hpp"
#include "jobs/sign_in/services.hpp"

namespace tidemark::jobs::sign_in {

inline constexpr std::string_view connect_kind = "connect";  // key: the member's id
inline constexpr std::string_view tidy_kind = "tidy";        // key: "all"

// The device flow: a code for the person to type at GitHub, on whatever machine has a browser. The
// job asks GitHub for it, then whether it was typed, at the pace that GitHub sets, until it is,
// expires or is refused. All of it survives a restart; the device code is sealed.
std::unique_ptr<JobKind> make_connect_job(SignInServices services);

// What the person must be told; kept in the member's cursor "connect".
struct DeviceState {
  enum class Step { asking, waiting, connected, failed };
  Step step = Step::asking;
  bool wants_private = false;
  std::string user_code, verification_uri;  // while waiting
  std::int64_t expires_ms = 0;
  std::int64_t interval_s = 5;
  std::string login;    // connected
  std::string problem;  // failed: plain words
};
[[nodiscard]] std::string to_json(const DeviceState& state);
[[nodiscard]] DeviceState device_state_from(std::string_view json);
[[nodiscard]] std::optional<DeviceState> find_device_state(const storage::Reader& reader,
                                                           std::string_view member);
// Enqueues the job anew (priority of a person) with a fresh state; one that waits goes on.
storage::Job begin_device_flow(storage::Writer& writer, std::string_view member, bool wants_private,
                               std::int64_t now_ms);

// Hourly: tokens of sign-ins that never ended are revoked and erased, spent states and old web
// sessions go.
std::unique_ptr<JobKind> make_tidy_job(SignInServices services);
// In the transaction that owes a purge, or leaves tokens that nobody owns: now, not in an hour.
void enqueue_tidy(storage::Writer& writer, std::int64_t now_ms);

}  // namespace tidemark::jobs::sign_in
