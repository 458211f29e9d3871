#include "daemon/door.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include "storage/engine.hpp"
#include "storage/pool.hpp"

namespace tidemark::daemon {

namespace {

// If-None-Match: a list of tags, weak or strong, or "*".
bool lists_tag(std::string_view header, std::string_view tag) {
  while (!header.empty()) {
    const auto comma = header.find(',');
    auto item = header.substr(0, comma);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (item.starts_with("W/")) item.remove_prefix(2);
    if (item == tag || item == "*") return true;
    header = comma == std::string_view::npos ? std::string_view{} : header.substr(comma + 1);
  }
  return false;
}

http::Reply busy(std::string_view detail) {
  auto reply = http::problem(503, "/problems/busy", "Service unavailable", detail);
  reply.response.headers.set("Retry-After", "1");
  return reply;
}

}  // namespace

void make_conditional(http::Reply& reply, std::optional<std::string_view> if_none_match) {
  const auto type = reply.response.headers.find("Content-Type").value_or("");
  if (reply.stream || reply.response.status != 200 || !type.starts_with("application/json")) return;
  const auto& body = reply.response.body;
  const auto tag =
      fmt::format("\"{:016x}-{:x}\"", XXH3_64bits(body.data(), body.size()), body.size());
  reply.response.headers.set("ETag", tag);
  if (!if_none_match || !lists_tag(*if_none_match, tag)) return;
  reply.response.status = 304;
  reply.response.body.clear();
  reply.response.headers.remove("Content-Type");
}

Door::Door(const http::Router& router, AccessRules rules, Log& log, OnFatal on_fatal)
    : router_(router), rules_(std::move(rules)), log_(log), on_fatal_(std::move(on_fatal)) {}

http::Handler Door::socket_handler() {
  return [this](http::Request request, http::Peer peer) {
    return answer_socket(std::move(request), std::move(peer));
  };
}

http::Handler Door::tcp_handler() {
  return [this](http::Request request, http::Peer peer) {
    return answer_tcp(std::move(request), std::move(peer));
  };
}

void Door::set_allowed_hosts(std::vector<std::string> hosts) {
  rules_.allowed_hosts = std::move(hosts);
}

async::Task<http::Reply> Door::answer_socket(http::Request request, http::Peer peer) {
  if (const auto refusal = refuse_socket_peer(rules_, peer)) {
    log_.warning(fmt::format("refused: {}", refusal->detail));
    co_return reply_of(*refusal);
  }
  co_return co_await answer(std::move(request), std::move(peer));
}

async::Task<http::Reply> Door::answer_tcp(http::Request request, http::Peer peer) {
  if (const auto refusal = refuse_tcp_request(rules_, request)) co_return reply_of(*refusal);
  co_return co_await answer(std::move(request), std::move(peer));
}

async::Task<http::Reply> Door::answer(http::Request request, http::Peer peer) {
  std::optional<std::string> if_none_match;
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (const auto header = request.headers.find("If-None-Match")) if_none_match = *header;
  http::Reply reply;
  std::exception_ptr error;
  try {
    reply = co_await router_(std::move(request), std::move(peer));
  } catch (...) {
    error = std::current_exception();
  }
  if (error) co_return reply_of_outage(error);
  if (reads) make_conditional(reply, if_none_match);
  co_return reply;
}

// Words for an outage that a person can act on; rethrows what is none of ours.
http::Reply Door::reply_of_outage(std::exception_ptr error) {
  try {
    std::rethrow_exception(error);
  } catch (const storage::PoolFull& full) {
    return busy(full.what());
  } catch (const storage::DiskFull& full) {
    return http::problem(507, "/problems/disk-full", "No room on the disk", full.what());
  } catch (const storage::CorruptRecord& corrupt) {
    log_.error(corrupt.what());
    return http::problem(500, "/problems/corrupt-record", "Corrupt record",
                         log_.clean(corrupt.what()));
  } catch (const storage::StoreError& failed) {
    on_fatal_(failed.what());
    return busy("the store failed; the daemon is restarting");
  }
}

}  // namespace tidemark::daemon
