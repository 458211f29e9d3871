#include "tests/crash/held_sign_ins.hpp"

#include <algorithm>

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

}  // namespace tidemark::test
