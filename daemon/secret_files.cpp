#include "daemon/secret_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "http/tls_context.hpp"
#include "storage/seal.hpp"

namespace tidemark::daemon {

namespace {

constexpr std::size_t secret_bytes_max = 4096;

// What the system has to say, or nothing.
std::error_code read_start(const std::string& file, std::string& text) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  ssize_t size = -1;
  if (descriptor >= 0) {
    std::array<char, secret_bytes_max + 1> buffer{};
    size = ::read(descriptor, buffer.data(), buffer.size());
    if (size > 0) text.assign(buffer.data(), static_cast<std::size_t>(size));
  }
  const std::error_code error(size < 0 ? errno : 0, std::generic_category());
  if (descriptor >= 0) ::close(descriptor);
  return error;
}

void check_key_file(const Settings& settings) {
  const std::filesystem::path file = settings.store_key_file;
  std::error_code error;
  // Whether a missing one may be made, only the store knows.
  if (!std::filesystem::exists(file, error) && !error) return;
  (void)storage::KeyRing::load(file);
}

// Its message names the file of the two that is wrong.
void check_certificate(const Settings& settings) {
  if (settings.public_address.empty() || settings.public_tls_certificate_file.empty()) return;
  (void)http::server_tls_context(
      {settings.public_tls_certificate_file, settings.public_tls_key_file});
}

std::string read_secret(const std::string& file, std::string_view whose) {
  const auto remedy = fmt::format(
      "write {} into its first line and let the daemon's user read it, or take the setting out",
      whose);
  if (file.empty()) return {};
  std::string text;
  if (const auto error = read_start(file, text)) {
    throw std::runtime_error(fmt::format("{}: {}; {}", file, error.message(), remedy));
  }
  text.resize(std::min(text.find('\n'), text.size()));
  if (text.ends_with('\r')) text.pop_back();
  if (text.empty() || text.size() > secret_bytes_max) {
    throw std::runtime_error(fmt::format("{}: its first line is {}; {}", file,
                                         text.empty() ? "empty" : "no secret, so long is it",
                                         remedy));
  }
  return text;
}

}  // namespace

std::string openhumans_client_secret(const Settings& settings) {
  return read_secret(settings.openhumans_client_secret_file,
                     "the client secret of the Open Humans project");
}

std::string openhumans_webhook_secret(const Settings& settings) {
  return read_secret(settings.openhumans_webhook_secret_file,
                     "the webhook secret of the Open Humans project");
}

std::string github_client_secret(const Settings& settings) {
  return read_secret(settings.github_client_secret_file, "the client secret of the GitHub app");
}

std::string github_token(const std::string& file) {
  auto token = read_secret(file, "your GitHub token");
  struct stat status{};
  // systemd's credentials are 0440 and root's.
  const bool known = !file.empty() && ::stat(file.c_str(), &status) == 0;
  auto foreign = known ? status.st_mode & (S_IRWXG | S_IRWXO) : 0U;
  if (status.st_uid == 0 && status.st_gid == 0) foreign &= ~static_cast<mode_t>(S_IRGRP);
  if (foreign != 0) {
    throw std::runtime_error(fmt::format("{}: others may use it (mode {:04o}); chmod 600 {}", file,
                                         status.st_mode & 07777, file));
  }
  const bool visible =
      std::ranges::all_of(token, [](char letter) { return letter > 0x20 && letter < 0x7f; });
  if (visible) return token;
  throw std::runtime_error(
      fmt::format("{}: its first line holds more than a token; write the token alone", file));
}

FileStamp stamp_of(const std::string& file) {
  struct stat status{};
  if (file.empty() || ::stat(file.c_str(), &status) != 0) return {};
  constexpr std::int64_t second_ns = 1'000'000'000;
  return {.written_ns = status.st_mtim.tv_sec * second_ns + status.st_mtim.tv_nsec,
          .bytes = static_cast<std::uint64_t>(status.st_size),
          .inode = status.st_ino};
}

void check_secret_files(const LoadedSettings& loaded) {
  std::vector<std::string> problems;
  auto check = [&](std::string_view name, const auto& look) {
    try {
      look();
    } catch (const std::runtime_error& error) {
      const auto place = loaded.origin.find(name);
      problems.push_back(fmt::format("{}: {}: {}",
                                     place == loaded.origin.end() ? "default" : place->second, name,
                                     error.what()));
    }
  };
  const Settings& settings = loaded.settings;
  check("store.key_file", [&] { check_key_file(settings); });
  check("openhumans.client_secret_file", [&] { (void)openhumans_client_secret(settings); });
  check("openhumans.webhook_secret_file", [&] { (void)openhumans_webhook_secret(settings); });
  check("github.client_secret_file", [&] { (void)github_client_secret(settings); });
  check("github.token_file", [&] { (void)github_token(settings.github_token_file); });
  check("public.tls_certificate_file", [&] { check_certificate(settings); });
  if (!problems.empty()) throw SettingsError(std::move(problems));
}

}  // namespace tidemark::daemon
