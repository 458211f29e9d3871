#include "http/async/task_group.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <cassert>
#include <list>
#include <utility>

namespace tidemark::async {

namespace asio = boost::asio;

namespace {

struct Member {
  std::string name;
  asio::cancellation_signal cancellation;
};

// Makes the start and the end of a task happen on turns of the loop, never inside spawn(). Else a
// task that cancels its own group and returns at once would throw through Asio's entry point.
Task<void> on_next_turn(Task<void> task) {
  co_await asio::post(asio::use_awaitable);
  co_await std::move(task);
}

bool is_cancellation(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const boost::system::system_error& thrown) {
    return thrown.code() == asio::error::operation_aborted;
  } catch (...) {
    return false;
  }
}

}  // namespace

struct TaskGroup::State {
  State(Executor on, std::size_t limit, OnError report)
      : executor(std::move(on)),
        most(limit),
        on_error(std::move(report)),
        emptied(executor, asio::steady_timer::time_point::max()) {}

  void ended(std::list<Member>::iterator member, const std::exception_ptr& error) {
    std::string name = std::move(member->name);
    members.erase(member);
    if (members.empty()) emptied.cancel();
    if (error && on_error && !is_cancellation(error)) on_error(name, error);
  }

  Executor executor;
  std::size_t most;
  OnError on_error;
  std::list<Member> members;
  bool cancelled = false;
  asio::steady_timer emptied;  // never expires: join() waits for its cancellation
};

namespace {

// Brings its own slot and no executor of its own: then Asio 1.26 passes a cancellation on directly,
// not through a raw pointer that may outlive the task (asio#1332).
template <class State>
struct TaskEnd {
  using cancellation_slot_type = asio::cancellation_slot;

  cancellation_slot_type get_cancellation_slot() const noexcept {
    return member->cancellation.slot();
  }
  void operator()(const std::exception_ptr& error) const { state->ended(member, error); }

  std::shared_ptr<State> state;
  std::list<Member>::iterator member;
};

}  // namespace

TaskGroup::TaskGroup(Executor executor, std::size_t most, OnError on_error)
    : state_(std::make_shared<State>(std::move(executor), most, std::move(on_error))) {}

TaskGroup::~TaskGroup() {
  assert(state_->members.empty() && "a TaskGroup must be joined before it is destroyed");
}

bool TaskGroup::spawn(std::string name, Task<void> task) {
  if (state_->cancelled || state_->members.size() >= state_->most) return false;
  Member& member = state_->members.emplace_back();
  member.name = std::move(name);
  TaskEnd<State> end{state_, std::prev(state_->members.end())};
  asio::co_spawn(state_->executor, on_next_turn(std::move(task)), std::move(end));
  return true;
}

std::size_t TaskGroup::size() const noexcept { return state_->members.size(); }

void TaskGroup::cancel() {
  if (state_->cancelled) return;
  state_->cancelled = true;
  // Ends are reported on later turns of the loop, so that the list does not change under us.
  for (Member& member : state_->members) {
    member.cancellation.emit(asio::cancellation_type::terminal);
  }
}

Task<void> TaskGroup::join() {
  std::shared_ptr<State> state = state_;
  // A cancellation of the caller only wakes it here, and the loop waits on. It stays noted, and
  // shows at the caller's next co_await.
  bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  while (!state->members.empty()) {
    co_await state->emptied.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  co_await asio::this_coro::throw_if_cancelled(throws);
}

}  // namespace tidemark::async
