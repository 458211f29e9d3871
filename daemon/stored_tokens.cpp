#include "daemon/parts.hpp"
#include "storage/members.hpp"
#include "storage/secrets.hpp"

namespace tidemark::daemon {

namespace {

constexpr std::size_t members_most = 1'000;  // four secrets each

void learn(const storage::Reader& reader, const storage::Sealer& sealer, Log& log) {
  for (const auto& member : storage::list_members(reader, "", members_most)) {
    for (const std::string_view provider : {"github", "openhumans"}) {
      const auto token = storage::find_token(reader, sealer, member.id, provider);
      if (!token) continue;
      log.learn_secret(token->access);
      log.learn_secret(token->refresh);
    }
  }
}

}  // namespace

void learn_stored_tokens(storage::Engine& engine, const storage::Sealer& sealer, Log& log) {
  try {
    engine.read([&](const storage::Reader& reader) { learn(reader, sealer, log); });
  } catch (const storage::StoreError& error) {
    // No reason not to serve the other members; whoever needs the damaged row says so again.
    log.warning(error.what());
  }
}

}  // namespace tidemark::daemon
