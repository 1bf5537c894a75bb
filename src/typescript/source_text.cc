// SPDX-License-Identifier: MIT
#include "typescript/source_text.h"

#include <algorithm>

namespace isopod::typescript {
namespace {

constexpr std::size_t kQuotedTokenBytesMax = 40;

bool is_well_formed(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = sequence_length(text, i);
    if (length == 1 && static_cast<unsigned char>(text[i]) >= 0x80) return false;
    i += length;
  }
  return true;
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

bool is_word_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9') || byte == '_' || byte == '$' || byte == '\\' || byte >= 0x80;
}

/// The bytes of a white space character outside ASCII (no-break space, byte order mark, U+2028 and
/// U+2029, the spaces of general punctuation, U+3000), else 0.
std::size_t wide_space_length(std::string_view source, std::size_t at) {
  const std::string_view rest = source.substr(at, 3);
  if (rest.starts_with("\xC2\xA0")) return 2;
  if (rest.size() < 3) return 0;
  const auto last = static_cast<unsigned char>(rest[2]);
  const bool punctuation =
      rest.starts_with("\xE2\x80") &&
      ((last >= 0x80 && last <= 0x8A) || last == 0xA8 || last == 0xA9 || last == 0xAF);
  return punctuation || rest == "\xEF\xBB\xBF" || rest == "\xE3\x80\x80" ? 3 : 0;
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Reads `digits` hex digits at `at`; returns false and leaves `at` alone when they are not there.
bool read_hex(std::string_view text, std::size_t& at, std::size_t digits, std::uint32_t& code) {
  if (text.size() - at < digits) return false;
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const int digit = hex_value(text[at + i]);
    if (digit < 0) return false;
    value = value * 16 + static_cast<std::uint32_t>(digit);
  }
  at += digits;
  code = value;
  return true;
}

/// Reads what follows `\u`: four digits or a braced number, two halves of a pair joined.
bool read_unicode_escape(std::string_view text, std::size_t& at, std::uint32_t& code) {
  if (at < text.size() && text[at] == '{') {
    const std::size_t close = text.find('}', at);
    if (close == std::string_view::npos || close - at < 2 || close - at > 8) return false;
    std::size_t digit = at + 1;
    if (!read_hex(text, digit, close - at - 1, code) || code > 0x10FFFF) return false;
    at = close + 1;
    return true;
  }
  if (!read_hex(text, at, 4, code)) return false;
  std::uint32_t low = 0;
  std::size_t next = at + 2;
  if (code >= 0xD800 && code < 0xDC00 && text.substr(at, 2) == "\\u" &&
      read_hex(text, next, 4, low) && low >= 0xDC00 && low < 0xE000) {
    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    at = next;
  }
  return true;
}

/// Appends the value of the escape whose backslash stands before `at`; `at` moves behind it.
void append_escape(std::string_view text, std::size_t& at, std::string& out) {
  static constexpr std::string_view kLetters = "nrtbfv0";
  static constexpr std::string_view kValues("\n\r\t\b\f\v\0", 7);
  const char c = text[at++];
  std::uint32_t code = 0;
  if (c == 'u' && read_unicode_escape(text, at, code)) return append_utf8(out, code);
  if (c == 'x' && read_hex(text, at, 2, code)) return append_utf8(out, code);
  if (c == '\n') return;
  if (c == '\r') {
    if (at < text.size() && text[at] == '\n') ++at;
    return;
  }
  const std::size_t letter = kLetters.find(c);
  out += letter == std::string_view::npos ? c : kValues[letter];
}

std::string cook(std::string_view text) {
  if (text.find('\\') == std::string_view::npos) return std::string(text);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at++];
    if (c == '\\' && at < text.size()) {
      append_escape(text, at, out);
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::size_t sequence_length(std::string_view source, std::size_t at) {
  const auto lead = static_cast<unsigned char>(source[at]);
  const std::size_t length = lead < 0xC2   ? 1
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 1;
  if (at + length > source.size()) return 1;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(source[at + i]) & 0xC0) != 0x80) return 1;
  }
  return length;
}

bool is_wide_line_break(std::string_view source, std::size_t at) {
  const std::string_view bytes = source.substr(at, 3);
  return bytes == "\xE2\x80\xA8" || bytes == "\xE2\x80\xA9";
}

void advance_location(std::string_view source, std::size_t from, std::size_t to, Location& where) {
  for (std::size_t i = from; i < to;) {
    const std::size_t length = sequence_length(source, i);
    const bool crlf = source[i] == '\r' && i + 1 < source.size() && source[i + 1] == '\n';
    if (source[i] == '\n' || (source[i] == '\r' && !crlf)) {
      ++where.line;
      where.column = 1;
    } else {
      where.column += length == 4 ? 2 : 1;
    }
    i += length;
  }
}

Location locate(std::string_view source, std::size_t at, const std::string& file) {
  Location where{file, 1, 1};
  advance_location(source, 0, std::min(at, source.size()), where);
  return where;
}

bool has_line_break(std::string_view source, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    if (source[i] == '\n' || source[i] == '\r' || is_wide_line_break(source, i)) return true;
  }
  return false;
}

std::size_t skip_trivia(std::string_view source, std::size_t at) {
  while (at < source.size()) {
    const std::size_t wide = wide_space_length(source, at);
    if (is_space(source[at])) {
      ++at;
    } else if (wide != 0) {
      at += wide;
    } else if (source.substr(at, 2) == "//") {
      at = std::min(source.find_first_of("\n\r", at), source.size());
    } else if (source.substr(at, 2) == "/*") {
      const std::size_t close = source.find("*/", at + 2);
      at = close == std::string_view::npos ? source.size() : close + 2;
    } else {
      break;
    }
  }
  return at;
}

std::size_t skip_space_back(std::string_view source, std::size_t at) {
  while (at > 0 && is_space(source[at - 1])) --at;
  return at;
}

std::string_view word_before(std::string_view source, std::size_t end) {
  std::size_t begin = end;
  while (begin > 0 && is_word_byte(source[begin - 1])) --begin;
  return source.substr(begin, end - begin);
}

std::string_view word_at(std::string_view source, std::size_t begin) {
  std::size_t end = begin;
  while (end < source.size() && is_word_byte(source[end])) ++end;
  return source.substr(begin, end - begin);
}

std::string describe_token(std::string_view source, std::size_t at) {
  if (at >= source.size()) return "the end of the file";
  const char c = source[at];
  if (c == '"' || c == '\'') return "a string";
  if (c == '`') return "a template string";
  if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return "a control character";
  if (static_cast<unsigned char>(c) >= 0x80 && sequence_length(source, at) == 1) {
    return "a byte that is not UTF-8";
  }
  std::string_view token = word_at(source, at);
  if (token.size() > kQuotedTokenBytesMax || !is_well_formed(token)) return "a name";
  if (token.empty()) {
    token = source.substr(at, 1);
    for (const std::string_view mark :
         {"=>", "...", "?.", "??", "&&", "||", "==", "++", "--", "<<"}) {
      if (source.substr(at).starts_with(mark)) token = mark;
    }
  }
  return "'" + std::string(token) + "'";
}

std::string cook_string(std::string_view literal) {
  if (literal.size() < 2) return std::string(literal);
  return cook(literal.substr(1, literal.size() - 2));
}

std::string cook_name(std::string_view name) { return cook(name); }

}  // namespace isopod::typescript
