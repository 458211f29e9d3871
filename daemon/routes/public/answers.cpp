#include "daemon/routes/public/answers.hpp"

#include <algorithm>

#include "http/cookie.hpp"

namespace tidemark::daemon {

namespace {

std::string flash_cookie(bool secure) {
  return secure ? "__Host-tidemark-flash" : "tidemark-flash";
}

constexpr std::int64_t flash_s = 60;

std::string flash_of(const PublicServices& services, const http::Call& call) {
  const auto wanted = flash_cookie(services.settings.secure);
  const auto known = pages::flash_names();
  for (const auto& [name, value] : http::cookies_of(call.request.headers)) {
    if (name == wanted && std::ranges::find(known, value) != known.end()) return value;
  }
  return {};
}

}  // namespace

http::Reply page(unsigned status, std::string html) {
  http::Reply reply;
  reply.response.status = status;
  reply.response.headers.set("Content-Type", "text/html; charset=utf-8");
  reply.response.headers.set("Cache-Control", "no-store");
  reply.response.body = std::move(html);
  return reply;
}

http::Reply go_to(const PublicServices& services, std::string_view address,
                  std::string_view flash) {
  http::Reply reply;
  reply.response.status = 303;
  reply.response.headers.set("Location", std::string(address));
  reply.response.headers.set("Cache-Control", "no-store");
  if (flash.empty()) return reply;
  const bool secure = services.settings.secure;
  reply.response.headers.add(
      "Set-Cookie", http::set_cookie({flash_cookie(secure), std::string(flash), flash_s, secure}));
  return reply;
}

pages::Frame frame_of(const PublicServices& services, const Visitor& visitor,
                      const http::Call& call) {
  pages::Frame frame;
  frame.signed_in = visitor.signed_in();
  frame.csrf = visitor.csrf;
  frame.flash = flash_of(services, call);
  frame.github_scopes = services.settings.github_scopes;
  frame.contact = services.settings.contact;
  frame.activity_url = services.settings.activity_url;
  return frame;
}

void clear_flash(const PublicServices& services, const http::Call& call, http::Reply& reply) {
  const bool secure = services.settings.secure;
  const auto wanted = flash_cookie(secure);
  const auto cookies = http::cookies_of(call.request.headers);
  const bool there =
      std::ranges::any_of(cookies, [&](const auto& cookie) { return cookie.first == wanted; });
  if (!there) return;
  reply.response.headers.add("Set-Cookie", http::set_cookie({wanted, "", 0, secure}));
}

http::Reply framed(const PublicServices& services, const http::Call& call,
                   const pages::Frame& frame, std::string html, unsigned status) {
  http::Reply reply = page(status, std::move(html));
  if (!frame.flash.empty()) clear_flash(services, call, reply);
  return reply;
}

http::Reply problem(const PublicServices& services, const Visitor& visitor, const http::Call& call,
                    pages::Problem what) {
  const auto frame = frame_of(services, visitor, call);
  return framed(services, call, frame, pages::problem_page(frame, what), what.status);
}

http::Form form_of(const http::Call& call) {
  const auto type = call.request.headers.find("Content-Type").value_or("");
  if (!type.starts_with("application/x-www-form-urlencoded")) return {};
  return http::decode_form(call.request.body).value_or(http::Form{});
}

async::Task<Asking> asking(PublicServices& services, const http::Call& call) {
  Asking result;
  result.visitor = co_await visitor_of(services, call);
  result.form = form_of(call);
  if (!result.visitor.signed_in()) {
    result.refusal =
        go_to(services, "/", result.visitor.had_session ? "session_ended" : "start_again");
    co_return result;
  }
  const auto why = refuse_form(services, result.visitor, call, result.form);
  if (why.empty()) co_return result;
  services.log.warning("refused a form: " + why);
  result.refusal = problem(services, result.visitor, call,
                           {403, "This did not come from your page",
                            "To keep you safe, changes are taken only from pages that were opened "
                            "here. Nothing was changed. Please go back to your page and try again.",
                            "Your page", "/member"});
  co_return result;
}

}  // namespace tidemark::daemon
