// SPDX-License-Identifier: MIT
// Feeds any bytes to the stripper. What comes back must have the line ends of the source in the
// same order; JavaScript must come back unchanged.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "typescript/strip.h"

namespace {

using isopod::Result;
using isopod::typescript::Language;
using isopod::typescript::strip;
using isopod::typescript::Stripped;

std::string line_ends(std::string_view text) {
  std::string found;
  for (const char c : text) {
    if (c == '\n' || c == '\r') found += c;
  }
  return found;
}

void check_typescript(std::string_view source) {
  const Result<Stripped> once = strip(source, {.language = Language::kTypeScript, .file = "x.ts"});
  if (!once) {
    ISOPOD_CHECK(once.error().where.line >= 1, "an error has a place");
    return;
  }
  ISOPOD_CHECK(line_ends(once->code) == line_ends(source), "the lines stay");
  for (const isopod::typescript::ModuleRequest& request : once->shape.requests) {
    ISOPOD_CHECK(request.specifier_end <= once->code.size(), "specifiers are in the code");
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
