#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string_view>

#include "storage/store.hpp"

namespace tidemark::storage {

// To erase a row only writes down that it is gone: its bytes stay in the files until they happen to
// be written anew. Who has promised that nothing is left owes a purge.

// In the transaction that erases, and survives every crash with it. `member`: whose facts went;
// empty if only quotas did. erase_member does this by itself.
void owe_purge(Writer& writer, std::string_view member);
[[nodiscard]] bool is_purge_owed(const Reader& reader);

// Pays for all erasures so far, piece by piece beside transactions, as long as `goes_on`. False: it
// is still owed, because it was stopped, or there was no room, or a reader that did not end.
boost::asio::awaitable<bool> purge(Store& store, std::function<bool()> goes_on);

}  // namespace tidemark::storage
