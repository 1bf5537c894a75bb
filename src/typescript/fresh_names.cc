// SPDX-License-Identifier: MIT
#include "typescript/fresh_names.h"

#include <cstdio>

#include "typescript/source_text.h"

namespace isopod::typescript {
namespace {

/// Inserted once for each use of a name, so a name of the author's must not make it long.
constexpr std::size_t kWishBytesMax = 40;

}  // namespace

std::string FreshNames::make(std::string_view wish) {
  collect();
  std::string stem = "_" + std::string(wish.size() <= kWishBytesMax ? wish : "name");
  std::size_t& count = made_[stem];
  for (;; ++count) {
    std::string name = count == 0 ? stem : stem + std::to_string(count + 1);
    if (taken_.insert(name).second) return name;
  }
}

void FreshNames::collect() {
  if (collected_) return;
  collected_ = true;
  const SyntaxTree& tree = draft_.tree();
  for (NodeId id = 0; id < tree.size(); ++id) {
    if (!tree.is_leaf(id)) continue;
    std::string_view text = draft_.text(id);
    if (text.starts_with("#")) text.remove_prefix(1);
    if (text.empty() || (text.front() != '_' && text.front() != '\\')) continue;
    taken_.insert(cook_name(text));
  }
}

std::string quoted(std::string_view value) {
  std::string text = "\"";
  for (std::size_t i = 0; i < value.size(); ++i) {
    const auto byte = static_cast<unsigned char>(value[i]);
    if (byte == '"' || byte == '\\') {
      text += {'\\', value[i]};
    } else if (byte < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", byte);
      text += escape;
    } else if (is_wide_line_break(value, i)) {
      text += value[i + 2] == '\xA8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      text += value[i];
    }
  }
  return text + "\"";
}

}  // namespace isopod::typescript
