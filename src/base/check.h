// SPDX-License-Identifier: MIT
#pragma once

namespace isopod {

/// Prints what failed and where, then aborts. Called by `ISOPOD_CHECK` only.
[[noreturn]] void check_failed(const char* file, int line, const char* expression,
                               const char* context);

}  // namespace isopod

/// Always on. For conditions that only a bug of isopod can break; outside input is handled, never
/// checked. `context` is a string literal saying what the condition means.
#define ISOPOD_CHECK(condition, context)                               \
  do {                                                                 \
    if (!(condition)) [[unlikely]]                                     \
      ::isopod::check_failed(__FILE__, __LINE__, #condition, context); \
  } while (false)
