// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "isopod/result.h"

namespace isopod::typescript {

// Questions about source text that need no syntax tree. Positions are bytes. Where a function reads
// forward from a position, that position must not lie inside a string, template or comment.

/// The line and column of a byte, both from 1; the column counts UTF-16 code units.
Location locate(std::string_view source, std::size_t at, const std::string& file);

/// Moves `where`, which belongs to byte `from`, to the byte `to` behind it.
void advance_location(std::string_view source, std::size_t from, std::size_t to, Location& where);

/// True when a line terminator of JavaScript stands in [begin, end), comments included.
bool has_line_break(std::string_view source, std::size_t begin, std::size_t end);

/// The first byte at or after `at` that is neither white space nor part of a comment.
std::size_t skip_trivia(std::string_view source, std::size_t at);

/// The last byte before `at` that is no white space, plus one. Comments are not skipped.
std::size_t skip_space_back(std::string_view source, std::size_t at);

/// The identifier, keyword or number that ends right before `end` or starts at `begin`; may be
/// empty.
std::string_view word_before(std::string_view source, std::size_t end);
std::string_view word_at(std::string_view source, std::size_t begin);

/// What a message calls the token at `at`: "'foo'", "';'", "a string" or "the end of the file".
std::string describe_token(std::string_view source, std::size_t at);

/// The length in bytes of the UTF-8 sequence that starts at `at`; 1 when it is ill-formed.
std::size_t sequence_length(std::string_view source, std::size_t at);

/// True for the bytes at `at` being U+2028 or U+2029.
bool is_wide_line_break(std::string_view source, std::size_t at);

/// The value of a string literal (quotes included) or of an identifier with \u escapes. Octal
/// escapes are kept as they stand, modules do not allow them.
std::string cook_string(std::string_view literal);
std::string cook_name(std::string_view name);

}  // namespace isopod::typescript
