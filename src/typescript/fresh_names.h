// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "typescript/draft.h"

namespace isopod::typescript {

/// Makes identifiers that occur nowhere in a file, so that no scope of the file can hide or be
/// disturbed by them.
class FreshNames {
 public:
  explicit FreshNames(const Draft& draft) : draft_(draft) {}

  /// An identifier that starts with `_` and resembles `wish`, a different one for each call.
  std::string make(std::string_view wish);

 private:
  void collect();

  const Draft& draft_;
  bool collected_ = false;
  std::unordered_set<std::string> taken_;
  std::unordered_map<std::string, std::size_t> made_;  ///< how many names start like this
};

/// A JavaScript string literal of this value.
std::string quoted(std::string_view value);

}  // namespace isopod::typescript
