#include "daemon/pages/layout.hpp"

#include "daemon/pages/flash.hpp"

namespace tidemark::daemon::pages {

std::string_view web_address(std::string_view text) {
  return text.starts_with("https://") || text.starts_with("http://") ? text : std::string_view();
}

void add_contact(Values& values, const Frame& frame) {
  std::string url(web_address(frame.contact));
  const bool is_mail = frame.contact.find('@') != std::string::npos &&
                       frame.contact.find_first_of(" <>:/?&") == std::string::npos;
  if (url.empty() && is_mail) url = "mailto:" + frame.contact;
  values.text("contact", frame.contact).text("contact_url", url);
}

std::string in_layout(const Frame& frame, Sheet sheet) {
  Values values;
  values.text("title", sheet.title).html("body", std::move(sheet.body));
  values.text("css_url", asset_url("site.css")).text("icon_url", asset_url("icon.svg"));
  if (sheet.has_script) values.text("script_url", asset_url("site.js"));
  values.flag("refreshes", sheet.refreshes).flag("signed_in", frame.signed_in);
  values.text("csrf", frame.csrf).text("activity_url", web_address(frame.activity_url));
  add_contact(values, frame);
  for (const std::string_view name : {"landing", "about", "sharing", "member"}) {
    values.flag("at_" + std::string(name), name == sheet.name);
  }
  if (const Flash* flash = find_flash(frame.flash)) {
    values.part("flash", Values().flag("good", flash->good).text("sentence", flash->sentence));
  }
  return render("layout", values).text;
}

}  // namespace tidemark::daemon::pages
