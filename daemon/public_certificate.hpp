#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "daemon/log.hpp"

namespace tidemark::daemon {

// The certificate of the pages, as its files change.
class PublicCertificate {
 public:
  using Say = std::function<void(LogLevel level, const std::string& line)>;
  // The files as they are now are in use already. Empty names: there is no certificate.
  PublicCertificate(std::string certificate_file, std::string key_file, Say say);

  // Calls `load` when the files are others than those in use, or `anyway`. What cannot be loaded is
  // said once, and tried again each time: the second file of a pair may come later.
  void refresh(bool anyway, const std::function<void()>& load);

 private:
  using Time = std::filesystem::file_time_type;

  std::string certificate_file_, key_file_;
  Say say_;
  Time certificate_time_, key_time_;  // of what is in use
  std::string failure_;               // said already
};

}  // namespace tidemark::daemon
