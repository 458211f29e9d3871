#include "daemon/parts.hpp"
#include "storage/members.hpp"
#include "storage/secrets.hpp"
#include "storage/sign_ins.hpp"

namespace tidemark::daemon {

namespace {

constexpr std::size_t members_most = 1'000;  // four secrets each
constexpr std::size_t others_most = 100;

// No reason not to learn those of the other members; whoever needs a damaged row says so again.
void learn_of(const storage::Reader& reader, const storage::Sealer& sealer, const std::string& id,
              Log& log) {
  try {
    for (const std::string_view provider : {"github", "openhumans"}) {
      const auto token = storage::find_token(reader, sealer, id, provider);
      if (!token) continue;
      log.learn_secret(token->access);
      log.learn_secret(token->refresh);
    }
  } catch (const storage::CorruptRecord& error) {
    log.warning(error.what());
  }
}

void learn(const storage::Reader& reader, const storage::Sealer& sealer, Log& log) {
  const auto damaged = [&](const std::string& id, const std::string& what) {
    log.warning(what);
    if (!id.empty()) learn_of(reader, sealer, id, log);
  };
  for (const auto& member : storage::list_members(reader, "", members_most, damaged)) {
    learn_of(reader, sealer, member.id, log);
  }
}

// Of sign-ins that a crash left half done, and those that wait to be revoked.
void learn_others(const storage::Reader& reader, const storage::Sealer& sealer, Log& log) {
  auto tell = [&log](const std::optional<storage::Token>& token) {
    if (!token) return;
    log.learn_secret(token->access);
    log.learn_secret(token->refresh);
  };
  for (const auto& each : storage::list_sign_ins(reader, "", others_most)) {
    if (each.phase != storage::SignInPhase::exchanged) continue;
    tell(storage::find_sign_in_token(reader, sealer, each));
  }
  for (const auto& [owner, provider] : storage::list_doomed_tokens(reader, others_most)) {
    tell(storage::find_token(reader, sealer, owner, provider));
  }
}

}  // namespace

void learn_stored_tokens(storage::Engine& engine, const storage::Sealer& sealer, Log& log) {
  try {
    engine.read([&](const storage::Reader& reader) {
      learn(reader, sealer, log);
      learn_others(reader, sealer, log);
    });
  } catch (const storage::StoreError& error) {
    // No reason not to serve the other members; whoever needs the damaged row says so again.
    log.warning(error.what());
  }
}

}  // namespace tidemark::daemon
