#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <limits>
#include <system_error>

#include "storage/seal.hpp"

namespace tidemark::storage {
namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t file_bytes_max = 64 * 1024;
constexpr const char* hex_digits = "0123456789abcdef";

[[noreturn]] void fail(const std::filesystem::path& file, std::string_view problem,
                       std::string_view remedy) {
  throw std::runtime_error(fmt::format("key file {}: {}: {}", file.string(), problem, remedy));
}

[[noreturn]] void fail_system(const std::filesystem::path& file, std::string_view doing) {
  const std::string reason = std::generic_category().message(errno);
  fail(file, fmt::format("{} failed ({})", doing, reason),
       "check that the path is right and that tidemark's user may use it");
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool open() const { return number_ >= 0; }

 private:
  int number_;
};

// A text full of keys: not left behind in freed memory.
struct SecretText {
  SecretText() = default;
  ~SecretText() { OPENSSL_cleanse(text.data(), text.size()); }
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;
  std::string text;
};

void refuse_readable_by_others(const std::filesystem::path& file, int descriptor) {
  struct stat status{};
  if (::fstat(descriptor, &status) != 0) fail_system(file, "looking at it");
  if (!S_ISREG(status.st_mode)) fail(file, "not a regular file", "name the key file itself");
  mode_t foreign = status.st_mode & (S_IRWXG | S_IRWXO);
  // systemd lends credentials through an access list, which shows as readable by root's group.
  if (status.st_uid == 0 && status.st_gid == 0) foreign &= ~static_cast<mode_t>(S_IRGRP);
  if (foreign == 0) return;
  fail(file, fmt::format("others may use it (mode {:04o})", status.st_mode & 07777),
       fmt::format("run `chmod 600 {}`, and rotate its keys if anyone may have read it",
                   file.string()));
}

void read_file(const std::filesystem::path& file, std::string& text) {
  const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!descriptor.open()) fail_system(file, "opening it");
  refuse_readable_by_others(file, descriptor.number());
  text.resize(file_bytes_max + 1);
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(descriptor.number(), text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_system(file, "reading it");
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > file_bytes_max) fail(file, "larger than 64 KiB", "that is not a tidemark key file");
  text.resize(size);
}

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

std::optional<std::string> parse_key(std::string_view hex) {
  if (hex.size() != 2 * key_bytes) return std::nullopt;
  std::string key;
  for (std::size_t at = 0; at < hex.size(); at += 2) {
    const int high = hex_value(hex[at]), low = hex_value(hex[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    key.push_back(static_cast<char>(high * 16 + low));
  }
  return key;
}

// Adds one line's key; returns what is wrong with the line, without quoting it: it may be a key.
std::string_view add_line(KeyRing& ring, std::uint32_t& last_id, std::string_view line) {
  std::uint32_t id = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), id);
  if (error != std::errc{} || id == 0) return "the line does not begin with a key id (1 or more)";
  const auto id_size = static_cast<std::size_t>(end - line.data());
  if (id_size == line.size() || line[id_size] != ' ') return "no space after the key id";
  std::optional<std::string> key = parse_key(line.substr(id_size + 1));
  if (!key) return "the key is not exactly 64 hexadecimal digits";
  if (ring.find(id) != nullptr) return "this key id is there twice";
  if (id < last_id) return "key ids must grow from line to line, the newest last";
  ring.add(id, std::move(*key));
  last_id = id;
  return {};
}

void write_all(const std::filesystem::path& file, int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::write(descriptor, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail_system(file, "writing it");
    text.remove_prefix(static_cast<std::size_t>(put));
  }
}

void sync_folder(const std::filesystem::path& file) {
  const auto folder = std::filesystem::absolute(file).parent_path();
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.open() || ::fsync(descriptor.number()) != 0) fail_system(folder, "syncing it");
}

// At every moment the file is the old one or the whole new one, also across a power cut.
void replace_file(const std::filesystem::path& file, std::string_view text) {
  std::filesystem::path fresh = file;
  fresh += ".new";
  ::unlink(fresh.c_str());  // left by a crash
  {
    const Descriptor descriptor(
        ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!descriptor.open()) fail_system(fresh, "making it");
    write_all(fresh, descriptor.number(), text);
    if (::fsync(descriptor.number()) != 0) fail_system(fresh, "syncing it");
  }
  if (::rename(fresh.c_str(), file.c_str()) != 0) fail_system(file, "replacing it");
  sync_folder(file);
}

std::string fresh_key() {
  std::string key(key_bytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(key.data()), static_cast<int>(key.size())) != 1) {
    throw std::runtime_error("no random bytes for a key: the system's random generator failed");
  }
  return key;
}

void append_line(std::string& text, std::uint32_t id, std::string_view key) {
  text += fmt::format("{} ", id);
  for (const char byte : key) {
    text.push_back(hex_digits[static_cast<unsigned char>(byte) >> 4]);
    text.push_back(hex_digits[static_cast<unsigned char>(byte) & 15]);
  }
  text.push_back('\n');
}

}  // namespace

KeyRing KeyRing::load(const std::filesystem::path& file) {
  SecretText secret;
  read_file(file, secret.text);
  KeyRing ring;
  std::uint32_t last_id = 0;
  std::string_view rest = secret.text;
  for (int line_number = 1; !rest.empty(); ++line_number) {
    const std::size_t end = rest.find('\n');
    const std::string_view problem = add_line(ring, last_id, rest.substr(0, end));
    if (!problem.empty()) {
      fail(file, fmt::format("line {}: {}", line_number, problem),
           "each line is \"<id> <64 hex digits>\"; restore the file from your backup");
    }
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  if (ring.keys_.empty()) fail(file, "it holds no key", "restore the file from your backup");
  return ring;
}

KeyRing KeyRing::create(const std::filesystem::path& file) {
  std::error_code error;
  if (std::filesystem::exists(std::filesystem::symlink_status(file, error))) {
    fail(file, "it exists already", "load it, or rotate its keys");
  }
  KeyRing ring;
  ring.add(1, fresh_key());
  SecretText secret;
  append_line(secret.text, 1, *ring.find(1));
  replace_file(file, secret.text);
  return ring;
}

KeyRing KeyRing::rotate(const std::filesystem::path& file) {
  KeyRing ring = load(file);
  if (ring.newest() == std::numeric_limits<std::uint32_t>::max()) {
    fail(file, "its newest key has the highest possible id", "remove keys no longer used");
  }
  ring.add(ring.newest() + 1, fresh_key());
  SecretText secret;
  secret.text.reserve(file_bytes_max);
  for (const auto& [id, key] : ring.keys_) append_line(secret.text, id, key);
  if (secret.text.size() > file_bytes_max) {
    fail(file, "it is full", "seal all secrets anew, then remove the oldest keys from the file");
  }
  replace_file(file, secret.text);
  return ring;
}

std::uint32_t KeyRing::newest() const {
  if (keys_.empty()) throw std::logic_error("a key ring without keys seals nothing");
  return keys_.rbegin()->first;
}

const std::string* KeyRing::find(std::uint32_t id) const {
  const auto found = keys_.find(id);
  return found == keys_.end() ? nullptr : &found->second;
}

}  // namespace tidemark::storage
