#include "jobs/sync/uploads.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "jobs/sync/md5.hpp"

namespace tidemark::jobs::sync {
namespace {

namespace json = boost::json;
using http::openhumans::Nothing;
using http::openhumans::Outcome;
using http::openhumans::Registered;
using http::openhumans::Result;
using storage::RemoteFile;
using storage::UploadPhase;

// A presigned address that ends within this is not used any more.
constexpr std::int64_t put_url_margin_ms = 60'000;
constexpr std::int64_t put_url_valid_ms = 6 * 3'600'000;

std::string metadata_of(const RemoteFile& file) {
  const bool profile = file.name == profile_name;
  const std::string description =
      profile ? std::string("GitHub account and repositories")
              : fmt::format("GitHub activity {} to {}", file.first.text(), file.last.text());
  json::object metadata{{"description", description},
                        {"tags", json::array{"Github", "github", "commits", "code", "repos"}},
                        {"md5", file.md5}};
  if (!profile) {
    metadata["start_date"] = storage::format_time(file.first.begin_s());
    metadata["end_date"] = storage::format_time(file.last.end_s() - 1);
  }
  return json::serialize(metadata);
}

}  // namespace

async::Task<Stop> Uploads::run() {
  while (true) {
    if (run_.stopping()) co_return Suspended{wall_ms(services_.clock), "tidemark is stopping"};
    auto decide = [&](const storage::Reader& reader) {
      return next_upload_step(reader, member_, now_);
    };
    UploadStep step = co_await services_.store.read(std::move(decide));
    Stop stop;
    switch (step.kind) {
      case UploadStep::Kind::none: co_return std::nullopt;
      case UploadStep::Kind::go_on: stop = co_await go_on(std::move(step.file)); break;
      case UploadStep::Kind::remove: stop = co_await remove(step.remote_id); break;
      case UploadStep::Kind::plan: co_await begin(std::move(step.file)); break;
    }
    if (stop) co_return stop;
  }
}

// A file whose bytes are at Open Humans already only has its weeks marked.
async::Task<void> Uploads::begin(RemoteFile file) {
  auto start = [&](storage::Writer& writer) {
    const auto there = storage::find_file(writer, member_, file.name);
    if (there && there->md5 == file.md5) {
      take_uploaded(writer, member_, *there);
    } else {
      storage::put_upload(writer, member_, file);
    }
  };
  co_await run_.commit(storage::Durability::soon, std::move(start));
}

async::Task<Stop> Uploads::go_on(RemoteFile file) {
  switch (file.phase) {
    case UploadPhase::planned: co_return co_await register_file(std::move(file));
    case UploadPhase::registered: co_return co_await put_bytes(std::move(file));
    case UploadPhase::stored: co_return co_await complete(std::move(file));
    case UploadPhase::completed: break;
  }
  auto finish = [&](storage::Writer& writer) { take_uploaded(writer, member_, file); };
  co_await run_.commit(storage::Durability::now, std::move(finish));
  co_return std::nullopt;
}

async::Task<void> Uploads::keep(RemoteFile file) {
  auto put = [&](storage::Writer& writer) { storage::put_upload(writer, member_, file); };
  co_await run_.commit(storage::Durability::now, std::move(put));
}

// The facts moved on, or the address is too old. What was sent is listed nowhere and ages away.
async::Task<void> Uploads::start_over() {
  auto drop = [&](storage::Writer& writer) { storage::erase_upload(writer, member_); };
  co_await run_.commit(storage::Durability::soon, std::move(drop));
}

async::Task<Stop> Uploads::register_file(RemoteFile file) {
  std::function<async::Task<Result<Registered>>(std::string)> ask = [this,
                                                                     &file](std::string token) {
    return services_.openhumans.register_upload(std::move(token), file.name, metadata_of(file));
  };
  auto answer = co_await session_.call(std::move(ask));
  if (auto* end = std::get_if<RunResult>(&answer)) co_return std::move(*end);
  const auto& result = std::get<Result<Registered>>(answer);
  if (!result.ok()) {
    co_return Session::failed("announcing " + file.name + " to Open Humans", result.outcome,
                              result.message);
  }
  file.phase = UploadPhase::registered;
  file.remote_id = result.value.id;
  file.put_url = result.value.put_url;
  file.put_url_expires_ms = wall_ms(services_.clock) + put_url_valid_ms;
  co_await keep(std::move(file));
  co_return std::nullopt;
}

async::Task<Stop> Uploads::put_bytes(RemoteFile file) {
  const PlannedFile plan{file.name, file.first, file.last};
  auto compose = [&](const storage::Reader& reader) { return compose_file(reader, member_, plan); };
  std::string bytes = co_await services_.store.read(std::move(compose));
  const bool too_old = file.put_url_expires_ms < wall_ms(services_.clock) + put_url_margin_ms;
  if (too_old || md5_hex(bytes) != file.md5) {
    co_await start_over();
    co_return std::nullopt;
  }
  const Result<std::string> etag =
      co_await services_.openhumans.put(file.put_url, std::move(bytes));
  if (etag.outcome == Outcome::forbidden) {
    co_await start_over();
    co_return Failed{
        fmt::format("Open Humans' storage refused the address for {}: {}", plan.name, etag.message),
        true};
  }
  if (!etag.ok()) {
    co_return Session::failed("sending " + plan.name + " to Open Humans", etag.outcome,
                              etag.message);
  }
  if (etag.value != file.md5) {
    co_return Failed{
        fmt::format("{} did not arrive whole at Open Humans: its checksum is {}, ours {}",
                    plan.name, etag.value, file.md5),
        true};
  }
  file.phase = UploadPhase::stored;
  file.put_url.clear();
  co_await keep(std::move(file));
  co_return std::nullopt;
}

async::Task<Stop> Uploads::complete(RemoteFile file) {
  std::function<async::Task<Result<std::uint64_t>>(std::string)> ask = [this,
                                                                        &file](std::string token) {
    return services_.openhumans.complete_upload(std::move(token), file.remote_id);
  };
  auto answer = co_await session_.call(std::move(ask));
  if (auto* end = std::get_if<RunResult>(&answer)) co_return std::move(*end);
  const auto& size = std::get<Result<std::uint64_t>>(answer);
  if (size.outcome == Outcome::not_present) {
    co_await start_over();
    co_return Failed{"Open Humans has not kept the bytes of " + file.name, true};
  }
  if (!size.ok()) {
    co_return Session::failed("completing " + file.name + " at Open Humans", size.outcome,
                              size.message);
  }
  if (size.value != file.size) {
    // It is listed now, so it must go before another one is made.
    auto doom = [&](storage::Writer& writer) {
      storage::put_doomed(writer, member_, file.remote_id);
      storage::erase_upload(writer, member_);
    };
    co_await run_.commit(storage::Durability::now, std::move(doom));
    co_return Failed{fmt::format("Open Humans holds {} bytes of {}, we sent {}", size.value,
                                 file.name, file.size),
                     true};
  }
  file.phase = UploadPhase::completed;
  auto finish = [&](storage::Writer& writer) { take_uploaded(writer, member_, file); };
  co_await run_.commit(storage::Durability::now, std::move(finish));
  ++steps_;
  co_return std::nullopt;
}

async::Task<Stop> Uploads::remove(std::uint64_t remote_id) {
  std::function<async::Task<Result<Nothing>>(std::string)> ask = [this,
                                                                  remote_id](std::string token) {
    return services_.openhumans.delete_file(std::move(token), remote_id);
  };
  auto answer = co_await session_.call(std::move(ask));
  if (auto* end = std::get_if<RunResult>(&answer)) co_return std::move(*end);
  const auto& result = std::get<Result<Nothing>>(answer);
  if (!result.ok()) {
    co_return Session::failed(fmt::format("removing file {} from Open Humans", remote_id),
                              result.outcome, result.message);
  }
  auto forget = [&](storage::Writer& writer) { take_removed(writer, member_, remote_id); };
  co_await run_.commit(storage::Durability::soon, std::move(forget));
  co_return std::nullopt;
}

}  // namespace tidemark::jobs::sync
