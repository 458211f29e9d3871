#include "daemon/routes/public/patient_write.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/system/system_error.hpp>
#include <chrono>

namespace tidemark::daemon {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds moment{700};  // Open Humans lets a member wait for our answer
constexpr milliseconds first_pause{500}, longest_pause{30'000};

async::Task<void> rest(PublicServices& services, const std::string& what, milliseconds pause) {
  try {
    co_await services.clock.sleep_for(pause);
  } catch (const boost::system::system_error&) {
    services.log.error(
        fmt::format("{}: lost, because the daemon ends before the store could take "
                    "it; do it by hand",
                    what));
    throw;
  }
}

async::Task<bool> until_written(PublicServices& services, std::string what,
                                std::function<void(storage::Writer&)> work,
                                std::function<void()> done) {
  milliseconds pause = first_pause;
  for (bool first = true;; first = false) {
    std::string why;
    try {
      co_await services.store.write_from_reserve(work);
    } catch (const storage::DiskFull& full) {
      why = full.what();
    } catch (const storage::PoolFull& busy) {
      why = busy.what();
    }
    if (why.empty()) break;
    if (first) services.log.warning(fmt::format("{}: waits for the store: {}", what, why));
    co_await rest(services, what, pause);
    pause = std::min(pause * 2, longest_pause);
  }
  if (done) done();
  co_return true;
}

}  // namespace

async::Task<bool> write_patiently(PublicServices& services, std::string what,
                                  std::function<void(storage::Writer&)> work,
                                  std::function<void()> done) {
  bool is_full = false;
  try {
    auto writing = services.arrivals.run("write", until_written(services, what, work, done));
    const auto soon = async::Deadline::after(services.clock, moment);
    co_return co_await async::with_deadline(services.clock, soon, what, std::move(writing));
  } catch (const async::DeadlinePassed&) {
    co_return false;
  } catch (const TooMany&) {
    is_full = true;
  }
  if (is_full) {
    co_await services.store.write(storage::Durability::now, std::move(work));
    if (done) done();
  }
  co_return true;
}

}  // namespace tidemark::daemon
