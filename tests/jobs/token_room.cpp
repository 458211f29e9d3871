#include "tests/jobs/token_room.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

namespace tidemark::test {

TokenRoom::TokenRoom(simulators::GithubSettings settings) : world(std::move(settings)) {
  for (const char* who : {"mona", "lisa"}) {
    world.world.load_line(
        fmt::format(R"({{"repo":"{0}/one","sha":"{1:0>40}","author":"{0}","authored":"{2}",)"
                    R"("committed":"{2}","merge":false,"additions":3,"deletions":1,)"
                    R"("subject":"one"}})",
                    who, who[0] == 'm' ? "a1" : "b2", "2025-12-01T10:00:00+01:00"),
        "");
  }
  world.add_member(id, "mona");
  auto mortal = std::make_unique<MortalEngine>(std::move(world.engine));
  engine = mortal.get();
  world.engine = std::move(mortal);
  const auto count = [this](const http::Request& request) {
    ++paths[request.target.substr(0, request.target.find('?'))];
    if (at_request) at_request(request);
  };
  world.before_github = count;
  world.after_openhumans = count;
}

std::optional<storage::Token> TokenRoom::token(const std::string& provider,
                                               const std::string& member) {
  std::optional<storage::Token> found;
  world.engine->read([&](const storage::Reader& reader) {
    found = storage::find_token(reader, world.sealer, member, provider);
  });
  return found;
}

void TokenRoom::put_token(const std::string& provider, const storage::Token& token) {
  world.engine->write([&](storage::Writer& writer) {
    storage::put_token(writer, world.sealer, id, provider, token);
  });
}

void TokenRoom::expire(const std::string& provider) {
  storage::Token old = token(provider).value();
  old.expires_ms = 1;
  put_token(provider, old);
}

void TokenRoom::use_github_app(const std::string& login) {
  auto& credentials = world.github.credentials();
  credentials.revoke(token("github").value().access);
  credentials.github_app = true;
  const auto& made = credentials.add_expiring(world.world.account(login), now_ms() / 1'000);
  put_token("github", {made.text, made.refresh, made.expires_s * 1'000, ""});
}

std::size_t TokenRoom::asked(const std::string& path) const {
  const auto found = paths.find(path);
  return found == paths.end() ? 0 : found->second;
}

std::int64_t TokenRoom::now_ms() {
  return world.simulation.clock().wall_now().time_since_epoch().count();
}

std::vector<std::string> TokenRoom::rows_with(const std::string& text) {
  std::vector<std::string> rows;
  world.engine->read([&](const storage::Reader& reader) {
    for (int number = 0; number < 256; ++number) {
      const auto table = static_cast<storage::Table>(number);
      const auto visit = [&](std::string_view key, std::string_view value) {
        std::string plain;
        if (table == storage::Table::secrets) plain = world.sealer.open(value, key);
        const bool holds = key.find(text) != key.npos || value.find(text) != value.npos ||
                           plain.find(text) != plain.npos;
        if (holds) rows.push_back("table " + std::to_string(number) + ": " + std::string(key));
        return true;
      };
      reader.scan(table, "", "", visit);
    }
  });
  return rows;
}

}  // namespace tidemark::test
