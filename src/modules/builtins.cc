// SPDX-License-Identifier: MIT
#include "modules/builtins.h"

#include <algorithm>

namespace isopod::modules {

const Builtin* BuiltinTable::find(std::string_view specifier) const {
  const auto alias = std::find_if(aliases_.begin(), aliases_.end(), [&](const BuiltinAlias& entry) {
    return entry.alias == specifier;
  });
  const std::string_view name = alias == aliases_.end() ? specifier : alias->name;
  const auto found = std::find_if(builtins_.begin(), builtins_.end(),
                                  [&](const Builtin& entry) { return entry.name == name; });
  return found == builtins_.end() ? nullptr : &*found;
}

}  // namespace isopod::modules
