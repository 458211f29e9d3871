#include "daemon/door.hpp"
#include "daemon/routes/public/answers.hpp"
#include "daemon/routes/public/member_view.hpp"

namespace tidemark::daemon {

namespace {

async::Task<std::optional<pages::MemberView>> view_of(PublicServices& services,
                                                      const std::string& member) {
  const auto now_ms = services.now_ms();
  auto body = [&](const storage::Reader& reader) {
    return read_member_page(reader, member, now_ms);
  };
  std::optional<MemberReading> reading = co_await services.store.read(std::move(body));
  std::optional<pages::MemberView> view;
  if (!reading) co_return view;
  if (reading->job) reading->job = services.runner.as_it_is(std::move(*reading->job));
  auto clean = [&services](std::string_view text) { return services.log.clean(text); };
  view = member_view(*reading, now_ms, services.settings.cooldown_ms, clean);
  view->stale_after_hours = services.settings.stale_after_hours;
  co_return view;
}

async::Task<http::Reply> show(PublicServices& services, http::Call call) {
  const Visitor visitor = co_await visitor_of(services, call);
  if (!visitor.signed_in()) {
    co_return go_to(services, "/", visitor.had_session ? "session_ended" : "");
  }
  const auto view = co_await view_of(services, visitor.member->id);
  if (!view) co_return go_to(services, "/", "session_ended");
  const auto frame = frame_of(services, visitor, call);
  co_return framed(services, call, frame, pages::member_page(frame, *view));
}

// The part that changes. Its validator is all that the page's script looks at while nothing does.
async::Task<http::Reply> progress(PublicServices& services, http::Call call) {
  const Visitor visitor = co_await visitor_of(services, call);
  std::optional<pages::MemberView> view;
  if (visitor.signed_in()) view = co_await view_of(services, visitor.member->id);
  if (!view) co_return page(401, "");
  http::Reply reply = page(200, pages::progress_fragment(*view));
  reply.response.headers.set("Cache-Control", "private, no-cache");
  make_conditional(reply, call.request.headers.find("If-None-Match"));
  co_return reply;
}

}  // namespace

void add_member_page_routes(std::vector<http::Route>& routes, PublicServices& services) {
  routes.push_back(
      {.method = "GET",
       .pattern = "/member",
       .summary = "A member's own page",
       .handle = [&services](http::Call call) { return show(services, std::move(call)); }});
  routes.push_back(
      {.method = "GET",
       .pattern = "/member/progress",
       .summary = "The part of it that changes",
       .handle = [&services](http::Call call) { return progress(services, std::move(call)); }});
}

}  // namespace tidemark::daemon
