#include "jobs/conclusion.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <ctime>
#include <utility>

#include "storage/pool.hpp"

namespace tidemark::jobs {

Conclusion conclude(storage::Job job, const RunResult& result, const RunnerSettings& settings,
                    async::Random& random, std::int64_t now_ms) {
  Conclusion conclusion;
  conclusion.job = std::move(job);
  if (const auto* suspended = std::get_if<Suspended>(&result)) {
    conclusion.kind = Conclusion::Kind::suspend;
    conclusion.until_ms = suspended->until_ms;
    conclusion.text = suspended->reason;
  } else if (const auto* failed = std::get_if<Failed>(&result)) {
    const std::uint32_t attempts = conclusion.job.attempts + 1;
    const bool again = failed->retry && (failed->outage || attempts < settings.attempts_max);
    conclusion.kind = again ? Conclusion::Kind::fail : Conclusion::Kind::die;
    conclusion.until_ms = again ? now_ms + backoff_ms(attempts, settings, random) : 0;
    conclusion.text = failed->error;
  } else {
    conclusion.text = std::get<Done>(result).note;
  }
  return conclusion;
}

void store_conclusion(storage::Writer& writer, const Conclusion& conclusion, std::int64_t now_ms) {
  const auto& [id, fence] = std::pair(conclusion.job.id, conclusion.job.fence);
  switch (conclusion.kind) {
    case Conclusion::Kind::finish: return storage::finish_job(writer, id, fence, now_ms);
    case Conclusion::Kind::suspend:
      return storage::suspend_job(writer, id, fence, conclusion.until_ms, conclusion.text, now_ms);
    case Conclusion::Kind::fail:
      return storage::fail_job(writer, id, fence, conclusion.text, conclusion.until_ms, now_ms);
    case Conclusion::Kind::die:
      return storage::fail_job(writer, id, fence, conclusion.text, std::nullopt, now_ms);
  }
}

std::string describe(const Conclusion& conclusion, std::int64_t now_ms) {
  const std::uint32_t attempts = conclusion.job.attempts + 1;
  switch (conclusion.kind) {
    case Conclusion::Kind::finish:
      return conclusion.text.empty() ? "done" : "done: " + conclusion.text;
    case Conclusion::Kind::suspend: {
      const auto until_s = static_cast<std::time_t>(conclusion.until_ms / 1'000);
      return fmt::format("waiting until {:%Y-%m-%dT%H:%M:%SZ}: {}", fmt::gmtime(until_s),
                         conclusion.text);
    }
    case Conclusion::Kind::fail:
      return fmt::format("failed {} times in a row, again in {} s: {}", attempts,
                         (conclusion.until_ms - now_ms + 999) / 1'000, conclusion.text);
    case Conclusion::Kind::die:
      return fmt::format("dead after {} failures in a row, until it is requeued or dropped: {}",
                         attempts, conclusion.text);
  }
  return {};
}

Diagnosis diagnose(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const storage::LostLease& thrown) {
    return {Trouble::lost_lease, thrown.what()};
  } catch (const storage::DiskFull& thrown) {
    return {Trouble::disk_full, thrown.what()};
  } catch (const storage::CorruptRecord& thrown) {
    return {Trouble::damaged, thrown.what()};
  } catch (const storage::StoreError& thrown) {
    return {Trouble::store, thrown.what()};
  } catch (const storage::PoolFull& thrown) {
    return {Trouble::pool_full, thrown.what()};
  } catch (const boost::system::system_error& thrown) {
    const bool cancelled = thrown.code() == boost::asio::error::operation_aborted;
    return {cancelled ? Trouble::cancelled : Trouble::other, thrown.what()};
  } catch (const std::exception& thrown) {
    return {Trouble::other, thrown.what()};
  } catch (...) {
    return {Trouble::other, "an exception that is not a std::exception"};
  }
}

}  // namespace tidemark::jobs
