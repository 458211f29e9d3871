#include <fmt/format.h>

#include <algorithm>

#include "storage/check_report.hpp"
#include "storage/row_decoders.hpp"
#include "storage/rows.hpp"
#include "storage/secret_owners.hpp"

namespace tidemark::storage {
namespace {

void problem(CheckReport& report, Table table, std::string_view key, std::string_view what) {
  add_problem(report, fmt::format("{}: {}", readable(table, key), what));
}

// What stands under a key, or nothing: rows that cannot be decoded are reported by themselves.
template <class Decode>
auto lookup(const Reader& reader, Table table, std::string_view key, const Decode& decode)
    -> std::optional<decltype(decode(key, key))> {
  const auto value = reader.get(table, key);
  if (!value) return std::nullopt;
  return decode(key, *value);
}

void check_sign_in(const Reader& reader, CheckReport& report, std::string_view key,
                   const SignIn& sign_in) {
  const auto say = [&](std::string_view what) { problem(report, Table::sign_ins, key, what); };
  if (sign_in.phase == SignInPhase::done) {
    if (!sign_in.member.empty()) say("it is done, and yet names a member; restore a backup");
    return;
  }
  const auto token = secret_key(pending_owner(sign_in.digest), sign_in.provider);
  if (!reader.get(Table::secrets, token))
    say("its tokens are missing; the person must sign in once more");
  if (sign_in.member.empty()) return;
  if (!reader.get(Table::members, KeyWriter().text(sign_in.member)))
    say(fmt::format("it is that of \"{}\", who is no member; the daemon erases it within the hour",
                    sign_in.member));
}

bool is_doomed(std::string_view owner, std::string_view provider) {
  const auto is_hex = [](char byte) {
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f');
  };
  return owner.size() == 65 && std::all_of(owner.begin() + 1, owner.end(), is_hex) &&
         (provider == "github" || provider == "openhumans");
}

void check_ownerless(const Reader& reader, CheckReport& report, std::string_view key) {
  KeyReader place(key);
  const auto owner = place.text(), provider = place.text();
  const auto say = [&](std::string_view what) { problem(report, Table::secrets, key, what); };
  if (owner.front() == doomed_mark) {
    if (!is_doomed(owner, provider)) say("no token to be revoked is called so; restore a backup");
    return;
  }
  const auto sign_in =
      lookup(reader, Table::sign_ins, KeyWriter().text(owner.substr(1)).bytes(), decode_sign_in);
  if (!sign_in || sign_in->phase != SignInPhase::exchanged || sign_in->provider != provider)
    say("it belongs to no sign-in under way, and nothing will revoke it; restore a backup");
}

}  // namespace

void check_sign_ins(const Reader& reader, CheckReport& report) {
  const auto each = [&](std::string_view key, const SignIn& sign_in) {
    check_sign_in(reader, report, key, sign_in);
  };
  each_decodable(reader, Table::sign_ins, "", "", decode_sign_in, each);
  for (const char mark : {pending_mark, doomed_mark}) {
    const auto each_secret = [&](std::string_view key, std::string_view) {
      try {
        check_ownerless(reader, report, key);
      } catch (const StoreError&) {  // reported as a row of its own
      }
      return true;
    };
    const std::string prefix(1, mark);
    reader.scan(Table::secrets, prefix, after_prefix(prefix), each_secret);
  }
}

}  // namespace tidemark::storage
