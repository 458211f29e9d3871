#include <algorithm>

#include "daemon/routes/public/answers.hpp"

namespace tidemark::daemon {

namespace {

async::Task<http::Reply> landing(PublicServices& services, http::Call call) {
  const Visitor visitor = co_await visitor_of(services, call);
  if (visitor.signed_in()) co_return go_to(services, "/member");
  const auto frame = frame_of(services, visitor, call);
  co_return framed(services, call, frame, pages::landing_page(frame));
}

async::Task<http::Reply> about(PublicServices& services, http::Call call) {
  const Visitor visitor = co_await visitor_of(services, call);
  const auto frame = frame_of(services, visitor, call);
  co_return framed(services, call, frame,
                   pages::about_page(frame, services.settings.stale_after_hours));
}

async::Task<http::Reply> sharing(PublicServices& services, http::Call call) {
  const Visitor visitor = co_await visitor_of(services, call);
  const auto frame = frame_of(services, visitor, call);
  co_return framed(services, call, frame, pages::sharing_page(frame));
}

async::Task<http::Reply> goodbye(PublicServices& services, http::Call call) {
  const Visitor nobody;
  const auto frame = frame_of(services, nobody, call);
  co_return framed(services, call, frame, pages::goodbye_page(frame));
}

// An address with the version of the bytes may be kept for ever; without, it is asked for again.
async::Task<http::Reply> asset(PublicServices& services, http::Call call) {
  const std::string& name = call.path_values.at("name");
  const auto& all = pages::assets();
  const auto found = std::ranges::find(all, name, &pages::Asset::name);
  if (found == all.end()) {
    co_return problem(services, {}, call,
                      {404, "Nothing is here", "This file does not exist.", "", ""});
  }
  const bool versioned = call.query_value("v") == found->version;
  http::Reply reply;
  reply.response.headers.set("Content-Type", std::string(found->type));
  reply.response.headers.set("Cache-Control",
                             versioned ? "public, max-age=31536000, immutable" : "no-cache");
  reply.response.headers.set("ETag", "\"" + found->version + "\"");
  if (call.request.headers.find("If-None-Match") == "\"" + found->version + "\"") {
    reply.response.status = 304;
    co_return reply;
  }
  reply.response.body = std::string(found->bytes);
  co_return reply;
}

http::Reply text(std::string body) {
  http::Reply reply;
  reply.response.headers.set("Content-Type", "text/plain; charset=utf-8");
  reply.response.body = std::move(body);
  return reply;
}

async::Task<http::Reply> robots(http::Call) {
  co_return text("User-agent: *\nDisallow: /member\nDisallow: /openhumans\nDisallow: /github\n");
}

async::Task<http::Reply> health(http::Call) { co_return text("ok"); }

async::Task<http::Reply> icon(http::Call) {
  http::Reply reply;
  reply.response.status = 302;
  reply.response.headers.set("Location", pages::asset_url("icon.svg"));
  co_return reply;
}

}  // namespace

void add_site_routes(std::vector<http::Route>& routes, PublicServices& services) {
  auto add = [&](std::string pattern, std::string summary,
                 async::Task<http::Reply> (*answer)(PublicServices&, http::Call)) {
    http::Route route{.method = "GET",
                      .pattern = std::move(pattern),
                      .summary = std::move(summary),
                      .handle = {}};
    route.handle = [&services, answer](http::Call call) {
      return answer(services, std::move(call));
    };
    routes.push_back(std::move(route));
  };
  add("/", "What this is, and the way in", landing);
  add("/about", "How it works, and common questions", about);
  add("/sharing", "What is read, shared and kept", sharing);
  add("/goodbye", "After a member's data was deleted", goodbye);
  add("/assets/{name}", "Styles, script and icon", asset);
  routes.push_back(
      {.method = "GET", .pattern = "/robots.txt", .summary = "For crawlers", .handle = robots});
  routes.push_back(
      {.method = "GET", .pattern = "/favicon.ico", .summary = "The icon", .handle = icon});
  routes.push_back({.method = "GET", .pattern = "/health", .summary = "ok", .handle = health});
}

std::vector<http::Route> make_public_routes(PublicServices& services) {
  std::vector<http::Route> routes;
  add_site_routes(routes, services);
  add_sign_in_routes(routes, services);
  add_connect_routes(routes, services);
  add_member_page_routes(routes, services);
  add_member_action_routes(routes, services);
  add_download_routes(routes, services);
  add_leaving_routes(routes, services);
  add_webhook_routes(routes, services);
  return routes;
}

}  // namespace tidemark::daemon
