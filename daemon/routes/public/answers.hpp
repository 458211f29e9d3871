#pragma once

#include <string>
#include <string_view>

#include "daemon/pages/views.hpp"
#include "daemon/routes/public/visitor.hpp"

namespace tidemark::daemon {

[[nodiscard]] http::Reply page(unsigned status, std::string html);
// 303, with a flash for the next page (one of pages::flash_names(); empty: none).
[[nodiscard]] http::Reply go_to(const PublicServices& services, std::string_view address,
                                std::string_view flash = {});

// What stands around a page for this visitor; takes the flash that a redirect left.
[[nodiscard]] pages::Frame frame_of(const PublicServices& services, const Visitor& visitor,
                                    const http::Call& call);
// Set on every page that showed a flash: it is shown once.
void clear_flash(const PublicServices& services, const http::Call& call, http::Reply& reply);
// A page in its frame, its flash cleared.
[[nodiscard]] http::Reply framed(const PublicServices& services, const http::Call& call,
                                 const pages::Frame& frame, std::string html,
                                 unsigned status = 200);
[[nodiscard]] http::Reply problem(const PublicServices& services, const Visitor& visitor,
                                  const http::Call& call, pages::Problem problem);
// The fields of a form; an absent or malformed body has none.
[[nodiscard]] http::Form form_of(const http::Call& call);

// What every changing request of a member begins with: who it is, and that it is their own form.
// `refusal` is set when they may not.
struct Asking {
  Visitor visitor;
  http::Form form;
  std::optional<http::Reply> refusal;
};
async::Task<Asking> asking(PublicServices& services, const http::Call& call);

}  // namespace tidemark::daemon
