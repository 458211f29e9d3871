#include <fmt/format.h>

#include "daemon/routes/public/answers.hpp"
#include "daemon/routes/public/member_view.hpp"
#include "jobs/leave/leave_job.hpp"
#include "jobs/leave/remote_files.hpp"
#include "storage/files.hpp"

namespace tidemark::daemon {

namespace {

constexpr std::string_view out_of_reach = "files_out_of_reach";
constexpr std::chrono::seconds patience{5};

// Who asks for their files to go is not let go with a promise that cannot be kept. When Open Humans
// does not tell in time, the job finds out: nobody is kept from leaving.
async::Task<bool> are_out_of_reach(PublicServices& services, std::string member) {
  auto asking = jobs::leave::why_out_of_reach(services.sign_in, member);
  const auto soon = async::Deadline::after(services.clock, patience);
  std::string why;
  try {
    why = co_await async::with_deadline(services.clock, soon, "asking Open Humans",
                                        std::move(asking));
  } catch (const async::DeadlinePassed&) {
    co_return false;
  }
  if (why.empty()) co_return false;
  services.log.warning(fmt::format("member {} wants to be deleted, and waits: {}", member, why));
  co_return true;
}

async::Task<http::Reply> ask(PublicServices& services, http::Call call) {
  const Visitor visitor = co_await visitor_of(services, call);
  if (!visitor.signed_in()) co_return go_to(services, "/", "session_ended");
  auto count = [&](const storage::Reader& reader) {
    return storage::list_files(reader, visitor.member->id).size();
  };
  const std::size_t files = co_await services.store.read(std::move(count));
  const auto frame = frame_of(services, visitor, call);
  const bool in_reach = frame.flash != out_of_reach && !needs_openhumans(*visitor.member);
  co_return framed(services, call, frame, pages::delete_page(frame, files, in_reach));
}

async::Task<http::Reply> leave(PublicServices& services, http::Call call) {
  Asking asked = co_await asking(services, call);
  if (asked.refusal) co_return std::move(*asked.refusal);
  const std::string& id = asked.visitor.member->id;
  const auto now_ms = services.now_ms();
  jobs::leave::LeaveOrder order;
  order.remove_files = http::form_value(asked.form, "remove_files") == "yes";
  order.asked_by = "the member";
  if (order.remove_files) {
    const bool closed = co_await are_out_of_reach(services, id);
    if (closed) co_return go_to(services, "/member/delete", out_of_reach);
  }
  auto work = [&](storage::Writer& writer) {
    return jobs::leave::begin_leaving(writer, id, order, now_ms);
  };
  (void)co_await services.store.write(storage::Durability::now, std::move(work));
  services.runner.wake();
  services.log.info(fmt::format("member {} deletes their data{}", id,
                                order.remove_files ? ", the files at Open Humans too" : ""));
  http::Reply reply = go_to(services, "/goodbye", "deleting");
  reply.response.headers.add("Set-Cookie", end_session_cookie(services));
  co_return reply;
}

}  // namespace

void add_leaving_routes(std::vector<http::Route>& routes, PublicServices& services) {
  routes.push_back(
      {.method = "GET",
       .pattern = "/member/delete",
       .summary = "Asks before a member's data is deleted",
       .handle = [&services](http::Call call) { return ask(services, std::move(call)); }});
  routes.push_back(
      {.method = "POST",
       .pattern = "/member/delete",
       .summary = "Deletes everything kept of the member",
       .writes = true,
       .handle = [&services](http::Call call) { return leave(services, std::move(call)); }});
}

}  // namespace tidemark::daemon
