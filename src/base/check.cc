// SPDX-License-Identifier: MIT
#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace isopod {

void check_failed(const char* file, int line, const char* expression, const char* context) {
  std::fprintf(stderr, "isopod: bug at %s:%d: %s does not hold (%s)\n", file, line, expression,
               context);
  std::abort();
}

}  // namespace isopod
