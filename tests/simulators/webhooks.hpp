#pragma once

#include "http/async/clock.hpp"
#include "http/async/task.hpp"
#include "http/client.hpp"
#include "tests/simulators/openhumans.hpp"

namespace tidemark::simulators {

// Sends what Open Humans has queued for the project's webhook, and what that brings about; returns
// when nothing waits any more. A call without an answer within 30 s counts as refused.
async::Task<void> deliver_webhooks(OpenHumansSimulator& simulator, http::Client& client,
                                   async::Clock& clock);

}  // namespace tidemark::simulators
