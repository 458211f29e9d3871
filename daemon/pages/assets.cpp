#include "daemon/pages/embedded.hpp"
#include "daemon/pages/views.hpp"

namespace tidemark::daemon::pages {

namespace {

// Empty for what is not an asset.
std::string_view type_of(std::string_view name) {
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (name.ends_with(".svg")) return "image/svg+xml";
  return "";
}

std::vector<Asset> list_assets() {
  std::vector<Asset> list;
  for (const EmbeddedFile& file : embedded_files()) {
    const std::string_view type = type_of(file.name);
    if (type.empty()) continue;
    list.push_back({file.name, type, file.bytes, std::string(file.version)});
  }
  return list;
}

}  // namespace

const std::vector<Asset>& assets() {
  static const std::vector<Asset> all = list_assets();
  return all;
}

std::string asset_url(std::string_view name) {
  std::string url = "/assets/" + std::string(name);
  for (const Asset& asset : assets()) {
    if (asset.name == name) url += "?v=" + asset.version;
  }
  return url;
}

}  // namespace tidemark::daemon::pages
