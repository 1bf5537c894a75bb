// SPDX-License-Identifier: MIT
#include "policy/profile.h"

#include <string>

#include "base/text.h"

namespace isopod::policy {

std::string_view to_string(Profile profile) {
  switch (profile) {
    case Profile::kSafe: return "safe";
    case Profile::kBalanced: return "balanced";
    case Profile::kPermissive: return "permissive";
  }
  return "safe";
}

Result<Profile> parse_profile(std::string_view word) {
  for (const Profile profile : kProfiles) {
    if (to_string(profile) == word) return profile;
  }
  return fail(Code::kUsage, "no such profile: \"" + printable(word, Sgr::kDrop) +
                                "\" (there are safe, balanced and permissive)");
}

}  // namespace isopod::policy
