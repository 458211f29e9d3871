#include "daemon/public_rates.hpp"

#include <utility>

#include "daemon/routes/public/visitor.hpp"
#include "http/digest.hpp"

namespace tidemark::daemon {

namespace {

constexpr std::uint64_t members_times = 10;
constexpr std::size_t sessions_most = 10'000;  // twice

bool is_members_page(std::string_view target) {
  const auto path = target.substr(0, target.find('?'));
  return path == "/member" || path == "/member/progress";
}

}  // namespace

PublicRates::PublicRates(std::uint64_t per_minute, bool secure)
    : secure_(secure), strict_(per_minute), members_(per_minute * members_times) {}

PublicRates::Question PublicRates::question_of(const http::Request& request) const {
  Question question;
  if (request.method != "GET" && request.method != "HEAD") return question;
  question.is_asset = request.target.starts_with("/assets/");
  if (!is_members_page(request.target)) return question;
  const std::string session = session_of(request.headers, secure_);
  if (!session.empty()) question.session = http::sha256_hex(session);
  return question;
}

std::int64_t PublicRates::take(std::string_view address, const Question& question,
                               std::int64_t now_ms) {
  const bool easy = question.is_asset || is_known(question.session);
  return easy ? members_.take(address, now_ms) : strict_.take(address, now_ms);
}

bool PublicRates::is_known(const std::string& session) const {
  return known_.contains(session) || known_before_.contains(session);
}

void PublicRates::answered(const Question& question, unsigned status) {
  if (question.session.empty()) return;
  if (status == 200 || status == 304) {
    if (known_.size() >= sessions_most) known_before_ = std::exchange(known_, {});
    known_.insert(question.session);
  } else if (status == 401 || status == 303) {
    known_.erase(question.session);
    known_before_.erase(question.session);
  }
}

void PublicRates::set_rate(std::uint64_t per_minute) {
  strict_.set_rate(per_minute);
  members_.set_rate(per_minute * members_times);
}

}  // namespace tidemark::daemon
