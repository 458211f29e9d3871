#pragma once

#include "tests/simulators/graphql/document.hpp"
#include "tests/simulators/graphql/lexer.hpp"

namespace tidemark::simulators::graphql {

// Parts of the grammar that queries and the schema share.
[[nodiscard]] Value parse_value(Lexer& lexer, int depth);
[[nodiscard]] TypeReference parse_type(Lexer& lexer);

}  // namespace tidemark::simulators::graphql
