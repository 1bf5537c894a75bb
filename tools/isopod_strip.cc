// SPDX-License-Identifier: MIT
// Prints what src/typescript makes of a file: `isopod_strip FILE.ts`. For test/typescript/run.py.

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "typescript/strip.h"

int main(int count, char** words) {
  using isopod::typescript::Language;
  if (count != 2) {
    std::fputs("usage: isopod_strip FILE\n", stderr);
    return 2;
  }
  const std::string path = words[1];
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "%s cannot be read.\n", path.c_str());
    return 2;
  }
  const std::string source((std::istreambuf_iterator<char>(file)), {});
  const bool is_script = path.ends_with(".js") || path.ends_with(".mjs") || path.ends_with(".cjs");
  const auto stripped = isopod::typescript::strip(
      source,
      {.language = is_script ? Language::kJavaScript : Language::kTypeScript, .file = path});
  if (!stripped) {
    std::fprintf(stderr, "%s\n", stripped.error().describe().c_str());
    return 1;
  }
  std::fwrite(stripped->code.data(), 1, stripped->code.size(), stdout);
  return 0;
}
