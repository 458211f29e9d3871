#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/folder.hpp"
#include "tests/support/process.hpp"

namespace tidemark::test {

// The real binary with a folder of its own; upstream addresses lead nowhere.
class DaemonFolder {
 public:
  // What every command of this folder is given.
  [[nodiscard]] std::vector<std::string> settings() const;
  [[nodiscard]] Launch launch(std::vector<std::string> words,
                              std::vector<std::string> more_settings = {}) const;
  // Runs a command to its end.
  [[nodiscard]] Finished run(std::vector<std::string> words, std::string input = {}) const;

  [[nodiscard]] std::string file(const std::string& name) const { return folder_.file(name); }
  std::string write(const std::string& name, const std::string& text) const {
    return folder_.write(name, text);
  }
  [[nodiscard]] std::string read(const std::string& name) const;
  [[nodiscard]] std::string path() const { return folder_.path(); }

 private:
  Folder folder_;
};

// `tidemark serve`, up and serving; killed when this object goes.
class ServingDaemon {
 public:
  explicit ServingDaemon(const DaemonFolder& folder, std::vector<std::string> more_settings = {},
                         std::vector<std::pair<std::string, std::string>> environment = {});

  Process process;
  std::string port;  // of the control API over TCP
  // From the spawn to the line that says so.
  std::chrono::milliseconds start_ms{0};
};

struct HttpAnswer {
  int status = 0;
  std::string body, etag;
  boost::json::object json;
};
// One request with http::Client: to "/path/to/socket" or to "127.0.0.1:7410".
[[nodiscard]] HttpAnswer ask(const std::string& where, const std::string& method,
                             const std::string& target,
                             std::vector<std::pair<std::string, std::string>> headers = {},
                             const std::string& body = {});

// True when some file under `folder` holds these bytes.
[[nodiscard]] bool bytes_on_disk(const std::string& folder, const std::string& bytes);

inline constexpr const char* grants =
    R"({"github_token":"gho_Clear1Text2Token3","openhumans_access_token":"clearAccess4567",)"
    R"("openhumans_refresh_token":"clearRefresh4567"})";

}  // namespace tidemark::test
