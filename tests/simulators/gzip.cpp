#include "tests/simulators/gzip.hpp"

#include <zlib.h>

#include <stdexcept>

namespace tidemark::simulators {

namespace {

constexpr std::size_t worth_it_bytes = 256;
constexpr int gzip_window_bits = 15 + 16;

}  // namespace

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, 1, Z_DEFLATED, gzip_window_bits, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("zlib refuses to start");
  }
  std::string packed(deflateBound(&stream, bytes.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  int code = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (code != Z_STREAM_END) throw std::runtime_error("zlib did not finish");
  return packed;
}

void gzip_if_asked(const http::Request& request, http::Response& response) {
  auto accepted = request.headers.find("Accept-Encoding");
  bool asked = accepted && accepted->find("gzip") != std::string_view::npos;
  if (!asked || response.body.size() < worth_it_bytes) return;
  response.body = gzip(response.body);
  response.headers.set("Content-Encoding", "gzip");
}

}  // namespace tidemark::simulators
