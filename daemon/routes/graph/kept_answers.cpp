#include "daemon/routes/graph/kept_answers.hpp"

#include <boost/multi_index/hashed_index.hpp>
#include <boost/multi_index/member.hpp>
#include <boost/multi_index/sequenced_index.hpp>
#include <boost/multi_index_container.hpp>
#include <functional>
#include <utility>

namespace tidemark::daemon::graph {

namespace {

namespace index = boost::multi_index;

// Of nodes, buckets and what the allocator adds.
constexpr std::size_t bytes_beside = 150;

struct Answer {
  std::string target, text;

  [[nodiscard]] std::size_t bytes() const { return target.size() + text.size() + bytes_beside; }
};

struct HashOfText {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>()(text);
  }
};

using ByTarget = index::hashed_unique<index::member<Answer, std::string, &Answer::target>,
                                      HashOfText, std::equal_to<>>;
// Who was asked for last stands first.
using Ordered =
    index::multi_index_container<Answer, index::indexed_by<index::sequenced<>, ByTarget>>;

async::Task<http::Reply> answer(RouteServices& services, std::shared_ptr<KeptAnswers> kept,
                                std::function<async::Task<http::Reply>(http::Call)> handle,
                                http::Call call) {
  const std::uint64_t writes = services.store.writes();
  std::string target = call.request.target;
  if (const auto* text = kept->find(writes, target)) co_return http::json_reply(200, *text);
  auto reply = co_await handle(std::move(call));
  if (reply.response.status == 200 && !reply.stream) {
    kept->keep(writes, std::move(target), reply.response.body);
  }
  co_return reply;
}

}  // namespace

struct KeptAnswers::Answers {
  Ordered ordered;
  std::size_t bytes = 0, bytes_most = 0;
  std::uint64_t writes = 0;

  // What was read before the last write may be true no more.
  void forget_older(std::uint64_t now) {
    if (writes == now) return;
    ordered.clear();
    bytes = 0;
    writes = now;
  }
};

KeptAnswers::KeptAnswers(std::size_t bytes_most) : answers_(std::make_unique<Answers>()) {
  answers_->bytes_most = bytes_most;
}

KeptAnswers::~KeptAnswers() = default;

const std::string* KeptAnswers::find(std::uint64_t writes, std::string_view target) {
  answers_->forget_older(writes);
  auto& by_target = answers_->ordered.get<1>();
  const auto found = by_target.find(target, HashOfText(), std::equal_to<>());
  if (found == by_target.end()) return nullptr;
  auto& ordered = answers_->ordered;
  ordered.relocate(ordered.begin(), ordered.project<0>(found));
  return &found->text;
}

void KeptAnswers::keep(std::uint64_t writes, std::string target, const std::string& text) {
  Answers& kept = *answers_;
  // Somebody asked after a write meanwhile, or will: then this one is too old.
  if (writes < kept.writes) return;
  kept.forget_older(writes);
  Answer answer{std::move(target), text};
  const std::size_t bytes = answer.bytes();
  if (bytes > kept.bytes_most / 16 || !kept.ordered.push_front(std::move(answer)).second) return;
  kept.bytes += bytes;
  while (kept.bytes > kept.bytes_most) {
    kept.bytes -= kept.ordered.back().bytes();
    kept.ordered.pop_back();
  }
}

std::size_t KeptAnswers::bytes() const { return answers_->bytes; }

void keep_answers_of(std::span<http::Route> routes, RouteServices& services,
                     std::shared_ptr<KeptAnswers> kept) {
  for (http::Route& route : routes) {
    route.handle = [&services, kept, handle = std::move(route.handle)](http::Call call) {
      return answer(services, kept, handle, std::move(call));
    };
  }
}

}  // namespace tidemark::daemon::graph
