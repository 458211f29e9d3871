#include "daemon/public_certificate.hpp"

#include <fmt/format.h>

#include <exception>
#include <utility>

namespace tidemark::daemon {

namespace {

std::filesystem::file_time_type changed(const std::string& file) {
  std::error_code ignored;
  return std::filesystem::last_write_time(file, ignored);
}

}  // namespace

PublicCertificate::PublicCertificate(std::string certificate_file, std::string key_file, Say say)
    : certificate_file_(std::move(certificate_file)),
      key_file_(std::move(key_file)),
      say_(std::move(say)),
      certificate_time_(changed(certificate_file_)),
      key_time_(changed(key_file_)) {}

void PublicCertificate::refresh(bool anyway, const std::function<void()>& load) {
  if (certificate_file_.empty()) return;
  const Time certificate = changed(certificate_file_), key = changed(key_file_);
  if (!anyway && certificate == certificate_time_ && key == key_time_) return;
  try {
    load();
  } catch (const std::exception& error) {
    if (failure_ != error.what() || anyway) {
      say_(LogLevel::error, fmt::format("the old certificate stays in use: {}; the files are tried "
                                        "again every minute",
                                        error.what()));
    }
    failure_ = error.what();
    return;
  }
  failure_.clear();
  certificate_time_ = certificate;
  key_time_ = key;
  say_(LogLevel::info, fmt::format("the certificate in {} is in use", certificate_file_));
}

}  // namespace tidemark::daemon
