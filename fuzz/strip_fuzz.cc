// SPDX-License-Identifier: MIT
// Feeds any bytes to the stripper. What comes back must have the length and the line ends of the
// source; JavaScript must come back unchanged.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "typescript/strip.h"

namespace {

using isopod::Result;
using isopod::typescript::Language;
using isopod::typescript::strip;
using isopod::typescript::Stripped;

void check_typescript(std::string_view source) {
  const Result<Stripped> once = strip(source, {.language = Language::kTypeScript, .file = "x.ts"});
  if (!once) {
    ISOPOD_CHECK(once.error().where.line >= 1, "an error has a place");
    return;
  }
  ISOPOD_CHECK(once->code.size() == source.size(), "the length stays");
  for (std::size_t i = 0; i < source.size(); ++i) {
    const bool was_line_end = source[i] == '\n' || source[i] == '\r';
    const bool is_line_end = once->code[i] == '\n' || once->code[i] == '\r';
    ISOPOD_CHECK(was_line_end == is_line_end, "the lines stay");
  }
}

void check_javascript(std::string_view source) {
  const Result<Stripped> same = strip(source, {.language = Language::kJavaScript, .file = "x.js"});
  ISOPOD_CHECK(same.has_value() && same->code == source, "JavaScript stays as it is");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  check_typescript(source);
  check_javascript(source);
  return 0;
}
