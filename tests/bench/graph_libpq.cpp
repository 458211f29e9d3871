#include "tests/bench/graph_libpq.hpp"

#include <dlfcn.h>

#include <array>
#include <stdexcept>

namespace tidemark::bench {

namespace {

template <class Function>
void look_up(void* handle, const char* name, Function*& function) {
  function = reinterpret_cast<Function*>(::dlsym(handle, name));
  if (function == nullptr) throw std::runtime_error(std::string("libpq has no ") + name);
}

template <class Number>
void append_big_endian(std::string& bytes, Number number) {
  for (int shift = 8 * (static_cast<int>(sizeof number) - 1); shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>(number >> shift & 0xff));
  }
}

}  // namespace

struct Postgres::Library {
  void* (*connect)(const char*) = nullptr;
  int (*status)(const void*) = nullptr;
  void (*close)(void*) = nullptr;
  char* (*error_message)(const void*) = nullptr;
  void* (*exec)(void*, const char*) = nullptr;
  void* (*prepare)(void*, const char*, const char*, int, const unsigned*) = nullptr;
  void* (*execute)(void*, const char*, int, const char* const*, const int*, const int*,
                   int) = nullptr;
  int (*result_status)(const void*) = nullptr;
  int (*rows)(const void*) = nullptr;
  char* (*value)(const void*, int, int) = nullptr;
  void (*clear)(void*) = nullptr;

  Library() {
    void* handle = ::dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) throw std::runtime_error("libpq.so.5 is missing (package libpq5)");
    look_up(handle, "PQconnectdb", connect);
    look_up(handle, "PQstatus", status);
    look_up(handle, "PQfinish", close);
    look_up(handle, "PQerrorMessage", error_message);
    look_up(handle, "PQexec", exec);
    look_up(handle, "PQprepare", prepare);
    look_up(handle, "PQexecPrepared", execute);
    look_up(handle, "PQresultStatus", result_status);
    look_up(handle, "PQntuples", rows);
    look_up(handle, "PQgetvalue", value);
    look_up(handle, "PQclear", clear);
  }
};

const Postgres::Library& Postgres::library() {
  static const Library found;
  return found;
}

Postgres::Postgres(const std::string& connection)
    : connection_(library().connect(connection.c_str())) {
  if (library().status(connection_) == 0) return;
  const std::string told = library().error_message(connection_);
  library().close(connection_);
  throw std::runtime_error(told);
}

Postgres::~Postgres() { library().close(connection_); }

std::string Postgres::finish(void* result) {
  constexpr int command_ok = 1, rows_ok = 2;
  const int status = library().result_status(result);
  const bool has_value = status == rows_ok && library().rows(result) > 0;
  std::string value = has_value ? library().value(result, 0, 0) : "";
  library().clear(result);
  if (status != command_ok && status != rows_ok) {
    throw std::runtime_error(std::string("PostgreSQL: ") + library().error_message(connection_));
  }
  return value;
}

void Postgres::run(const std::string& statement) { (void)value_of(statement); }

std::string Postgres::value_of(const std::string& query) {
  return finish(library().exec(connection_, query.c_str()));
}

void Postgres::prepare(const std::string& name, const std::string& statement) {
  constexpr unsigned bigint_array = 1016;
  constexpr std::array<unsigned, 2> types = {bigint_array, bigint_array};
  finish(
      library().prepare(connection_, name.c_str(), statement.c_str(), types.size(), types.data()));
}

void Postgres::execute(const std::string& name, const Arrays& arrays) {
  const std::array<const char*, 2> values = {arrays.first.data(), arrays.second.data()};
  const std::array<int, 2> lengths = {static_cast<int>(arrays.first.size()),
                                      static_cast<int>(arrays.second.size())};
  constexpr std::array<int, 2> binary = {1, 1};
  finish(library().execute(connection_, name.c_str(), values.size(), values.data(), lengths.data(),
                           binary.data(), 1));
}

// Dimensions, whether it has nulls, the type of its elements, count and first index of the only
// dimension, then each element behind its length.
std::string Postgres::array_of(std::span<const std::uint64_t> numbers) {
  constexpr std::uint32_t bigint = 20, bigint_bytes = 8;
  std::string bytes;
  for (const std::uint32_t word :
       {1U, 0U, bigint, static_cast<std::uint32_t>(numbers.size()), 1U}) {
    append_big_endian(bytes, word);
  }
  for (const std::uint64_t number : numbers) {
    append_big_endian(bytes, bigint_bytes);
    append_big_endian(bytes, number);
  }
  return bytes;
}

}  // namespace tidemark::bench
