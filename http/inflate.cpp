#include "http/inflate.hpp"

#define ZLIB_CONST
#include <zlib.h>

#include <algorithm>
#include <stdexcept>

#include "http/message.hpp"

namespace tidemark::http {

namespace {

// Window bits of zlib: 15, plus 16 for the gzip wrapping, negative for none.
constexpr int gzip_bits = 15 + 16, zlib_bits = 15, raw_bits = -15;

}  // namespace

struct Inflater::State {
  explicit State(Coding wanted) : coding(wanted) {}
  ~State() {
    if (open) inflateEnd(&stream);
  }

  void start(unsigned char first) {
    // "deflate" means zlib's wrapping, but some servers send the bare stream.
    bool wrapped = (first & 0x0f) == 8 && (first >> 4) <= 7;
    int window_bits = coding == Coding::gzip ? gzip_bits : (wrapped ? zlib_bits : raw_bits);
    if (inflateInit2(&stream, window_bits) != Z_OK) {
      throw std::runtime_error("zlib cannot start: out of memory");
    }
    open = true;
  }

  Coding coding;
  z_stream stream{};
  bool open = false;
  bool ended = false;  // at the end of a gzip member or of the deflate stream
};

std::optional<Inflater::Coding> Inflater::coding(std::string_view content_encoding) {
  if (equals_ignoring_case(content_encoding, "gzip")) return Coding::gzip;
  if (equals_ignoring_case(content_encoding, "x-gzip")) return Coding::gzip;
  if (equals_ignoring_case(content_encoding, "deflate")) return Coding::deflate;
  return std::nullopt;
}

Inflater::Inflater(Coding coding) : state_(std::make_unique<State>(coding)) {}
Inflater::~Inflater() = default;
Inflater::Inflater(Inflater&&) noexcept = default;
Inflater& Inflater::operator=(Inflater&&) noexcept = default;

Inflater::Outcome Inflater::put(std::string_view encoded, std::string& out, std::size_t limit) {
  constexpr std::size_t step_bytes = 32 * 1024;
  if (encoded.empty()) return Outcome::ok;
  z_stream& stream = state_->stream;
  if (!state_->open) state_->start(static_cast<unsigned char>(encoded[0]));
  stream.next_in = reinterpret_cast<const unsigned char*>(encoded.data());
  stream.avail_in = static_cast<uInt>(encoded.size());

  for (bool more_output = true; stream.avail_in > 0 || more_output;) {
    if (state_->ended) {
      if (stream.avail_in == 0) break;
      // A gzip file may be several one after another; after deflate nothing may follow.
      if (state_->coding != Coding::gzip || inflateReset(&stream) != Z_OK) {
        return Outcome::malformed;
      }
      state_->ended = false;
    }
    std::size_t had = out.size();
    // One byte beyond the limit tells "exactly full" from "too much".
    std::size_t step = std::min(step_bytes, limit - had + 1);
    out.resize(had + step);
    stream.next_out = reinterpret_cast<unsigned char*>(out.data() + had);
    stream.avail_out = static_cast<uInt>(step);
    int result = inflate(&stream, Z_NO_FLUSH);
    out.resize(had + step - stream.avail_out);
    if (out.size() > limit) return Outcome::too_large;
    if (result == Z_STREAM_END) state_->ended = true;
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
      return Outcome::malformed;
    }
    more_output = stream.avail_out == 0;
  }
  return Outcome::ok;
}

bool Inflater::complete() const { return !state_->open || state_->ended; }

}  // namespace tidemark::http
