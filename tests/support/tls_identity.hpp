#pragma once

#include <string>

#include "http/server.hpp"

namespace tidemark::test {

// A self-signed certificate for localhost and 127.0.0.1, made at run time so that none in the tree
// can expire. Its file is both the server's certificate and the authority that a client trusts.
[[nodiscard]] http::TlsIdentity make_tls_identity(const std::string& folder,
                                                  const std::string& name);

}  // namespace tidemark::test
