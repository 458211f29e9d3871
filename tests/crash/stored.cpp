#include "tests/crash/stored.hpp"

#include <algorithm>

#include "storage/members.hpp"
#include "storage/rocks/open.hpp"
#include "storage/seal.hpp"
#include "storage/sign_ins.hpp"

namespace tidemark::test {

namespace {

constexpr std::size_t all = 100'000;

std::unique_ptr<storage::Engine> store_of(const DaemonFolder& folder) {
  return storage::open_rocks(folder.file("store"), {});
}

bool is_half_done(const storage::SignIn& sign_in) {
  return sign_in.phase == storage::SignInPhase::exchanged;
}

}  // namespace

std::size_t half_done_sign_ins(const DaemonFolder& folder) {
  std::size_t count = 0;
  store_of(folder)->read([&](const storage::Reader& reader) {
    const auto rows = storage::list_sign_ins(reader, "", all);
    count = static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), is_half_done));
  });
  return count;
}

void age_sign_ins(const DaemonFolder& folder, std::chrono::milliseconds by) {
  const storage::Sealer sealer(storage::KeyRing::load(folder.file("key")));
  store_of(folder)->write([&](storage::Writer& writer) {
    for (storage::SignIn row : storage::list_sign_ins(writer, "", all)) {
      if (!is_half_done(row)) continue;
      const auto token = storage::find_sign_in_token(writer, sealer, row);
      storage::erase_sign_in(writer, row.digest);
      row.created_ms -= by.count();
      storage::begin_sign_in(writer, sealer, row, token.value());
    }
  });
}

std::vector<StoredToken> stored_tokens(const DaemonFolder& folder) {
  const storage::Sealer sealer(storage::KeyRing::load(folder.file("key")));
  std::vector<StoredToken> found;
  store_of(folder)->read([&](const storage::Reader& reader) {
    for (const storage::Member& member : storage::list_members(reader, "", all)) {
      for (const char* provider : {"openhumans", "github"}) {
        const auto token = storage::find_token(reader, sealer, member.id, provider);
        if (token) found.push_back({member.id, provider, token->refresh});
      }
    }
  });
  return found;
}

}  // namespace tidemark::test
