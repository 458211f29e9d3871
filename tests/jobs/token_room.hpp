#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "jobs/token_keeper.hpp"
#include "storage/secrets.hpp"
#include "tests/jobs/mortal_engine.hpp"
#include "tests/jobs/sync_life.hpp"
#include "tests/jobs/sync_world.hpp"

namespace tidemark::test {

// A member with tokens of both providers, in a world that counts what is asked of each path and
// where a test may step in at every request.
struct TokenRoom {
  static inline const std::string id = "00000042";
  using Life = SyncWorld::Life;

  explicit TokenRoom(simulators::GithubSettings settings = {});

  [[nodiscard]] std::optional<storage::Token> token(const std::string& provider,
                                                    const std::string& member = id);
  void put_token(const std::string& provider, const storage::Token& token);
  void expire(const std::string& provider);  // by our own books
  // Instead of an OAuth App's token, which never ends.
  void use_github_app(const std::string& login = "mona");

  [[nodiscard]] std::size_t asked(const std::string& path) const;
  [[nodiscard]] std::size_t refreshes() const { return asked("/oauth2/token/"); }
  [[nodiscard]] std::int64_t now_ms();
  [[nodiscard]] std::string oh_refresh() { return token("openhumans").value().refresh; }

  // Rows that hold the text, anywhere in the store, sealed ones opened.
  [[nodiscard]] std::vector<std::string> rows_with(const std::string& text);

  SyncWorld world;
  MortalEngine* engine = nullptr;
  std::function<void(const http::Request&)> at_request;  // of either upstream
  std::map<std::string, std::size_t> paths;              // without query: how often asked
};

[[nodiscard]] inline std::string text_of(const jobs::FreshToken& fresh) {
  const auto* text = std::get_if<std::string>(&fresh);
  return text != nullptr ? *text : "trouble: " + std::get<jobs::TokenTrouble>(fresh).message;
}
[[nodiscard]] inline std::optional<jobs::TokenTrouble::Kind> trouble_of(
    const jobs::FreshToken& fresh) {
  const auto* trouble = std::get_if<jobs::TokenTrouble>(&fresh);
  if (trouble == nullptr) return std::nullopt;
  return trouble->kind;
}

}  // namespace tidemark::test
