#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace tidemark::async {

// Every coroutine of the daemon. It runs on the executor it was spawned on: the one I/O thread.
template <class Value>
using Task = boost::asio::awaitable<Value>;

using Executor = boost::asio::any_io_executor;

}  // namespace tidemark::async
