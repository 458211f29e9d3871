#pragma once

#include <exception>

#include "http/async/task.hpp"
#include "tests/http/async_both_loops.hpp"

// What a coroutine throws, as a value: BOOST_CHECK_THROW cannot hold a co_await.
namespace tidemark::test {

using async::Task;

template <class Error>
bool holds(const std::exception_ptr& error) {
  try {
    if (error) std::rethrow_exception(error);
  } catch (const Error&) {
    return true;
  } catch (...) {
  }
  return false;
}

inline bool holds_cancellation(const std::exception_ptr& error) {
  try {
    if (error) std::rethrow_exception(error);
  } catch (const std::exception& thrown) {
    return is_operation_aborted(thrown);
  }
  return false;
}

inline Task<std::exception_ptr> thrown_by(Task<void> task) {
  std::exception_ptr thrown;
  try {
    co_await std::move(task);
  } catch (...) {
    thrown = std::current_exception();
  }
  co_return thrown;
}

}  // namespace tidemark::test
