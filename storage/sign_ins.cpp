#include "storage/sign_ins.hpp"

#include <stdexcept>

#include "storage/row_decoders.hpp"
#include "storage/rows.hpp"
#include "storage/secret_owners.hpp"

namespace tidemark::storage {
namespace {

constexpr std::uint8_t version = 1;

std::string sign_in_key(std::string_view digest) { return KeyWriter().text(digest).bytes(); }

void put_sign_in(Writer& writer, const SignIn& sign_in) {
  ValueWriter out(version);
  out.u64(static_cast<std::uint64_t>(sign_in.phase));
  out.text(sign_in.provider).text(sign_in.member);
  out.i64(sign_in.created_ms).i64(sign_in.expires_ms);
  writer.put(Table::sign_ins, sign_in_key(sign_in.digest), out.take());
}

void erase_tokens(Writer& writer, std::string_view digest) {
  const auto prefix = KeyWriter().text(pending_owner(digest)).bytes();
  writer.erase_range(Table::secrets, prefix, after_prefix(prefix));
}

}  // namespace

SignIn decode_sign_in(std::string_view key, std::string_view value) {
  return decoded(Table::sign_ins, key, [&] {
    SignIn sign_in;
    KeyReader place(key);
    sign_in.digest = place.text();
    place.end();
    ValueReader in(value, version, "sign-in");
    sign_in.phase = enumerated(in.u64(), SignInPhase::exchanged, SignInPhase::done);
    sign_in.provider = in.text();
    sign_in.member = in.text();
    sign_in.created_ms = in.i64();
    sign_in.expires_ms = in.i64();
    in.end();
    return sign_in;
  });
}

std::optional<SignIn> find_sign_in(const Reader& reader, std::string_view digest) {
  const auto key = sign_in_key(digest);
  const auto value = reader.get(Table::sign_ins, key);
  if (!value) return std::nullopt;
  return decode_sign_in(key, *value);
}

void begin_sign_in(Writer& writer, const Sealer& sealer, const SignIn& sign_in,
                   const Token& token) {
  if (sign_in.digest.empty()) throw std::invalid_argument("a sign-in needs its state's digest");
  if (find_sign_in(writer, sign_in.digest))
    throw std::invalid_argument(
        "this sign-in is known already: its tokens must not be replaced; ask find_sign_in first");
  auto fresh = sign_in;
  fresh.phase = SignInPhase::exchanged;
  put_sign_in(writer, fresh);
  put_token(writer, sealer, pending_owner(fresh.digest), fresh.provider, token);
}

std::optional<Token> find_sign_in_token(const Reader& reader, const Sealer& sealer,
                                        const SignIn& sign_in) {
  return find_token(reader, sealer, pending_owner(sign_in.digest), sign_in.provider);
}

void end_sign_in(Writer& writer, std::string_view digest) {
  auto sign_in = find_sign_in(writer, digest);
  if (!sign_in) return;
  sign_in->phase = SignInPhase::done;
  sign_in->member.clear();
  put_sign_in(writer, *sign_in);
  erase_tokens(writer, digest);
}

void erase_sign_in(Writer& writer, std::string_view digest) {
  writer.erase(Table::sign_ins, sign_in_key(digest));
  erase_tokens(writer, digest);
}

void erase_sign_ins_of(Writer& writer, std::string_view member) {
  std::vector<std::string> digests;
  const auto each = [&](std::string_view key, std::string_view value) {
    auto sign_in = decode_sign_in(key, value);
    if (sign_in.member == member) digests.push_back(std::move(sign_in.digest));
    return true;
  };
  writer.scan(Table::sign_ins, "", "", each);
  for (const auto& digest : digests) erase_sign_in(writer, digest);
}

bool is_sign_in_held(const Reader& reader) {
  bool found = false;
  const std::string prefix(1, pending_mark);
  reader.scan(Table::secrets, prefix, after_prefix(prefix), [&](auto, auto) {
    found = true;
    return false;
  });
  return found;
}

std::vector<SignIn> list_sign_ins(const Reader& reader, std::string_view after, std::size_t most) {
  std::vector<SignIn> sign_ins;
  if (most == 0) return sign_ins;
  const auto each = [&](std::string_view key, std::string_view value) {
    sign_ins.push_back(decode_sign_in(key, value));
    return sign_ins.size() < most;
  };
  // The smallest key behind that of `after`.
  reader.scan(Table::sign_ins, sign_in_key(after) + '\0', "", each);
  return sign_ins;
}

}  // namespace tidemark::storage
