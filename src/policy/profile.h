// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string_view>

#include "isopod/result.h"

namespace isopod::policy {

/// What an extension may do without any grant, from the least to the most.
enum class Profile {
  kSafe,      ///< read in the project; session, ui, events, log
  kBalanced,  ///< plus write in the project, http to public addresses, calling tools; exec and env
              ///< ask
  kPermissive,  ///< everything
};

inline constexpr std::array kProfiles = {Profile::kSafe, Profile::kBalanced, Profile::kPermissive};

/// The stable word of a profile, such as "safe".
std::string_view to_string(Profile profile);

/// The profile of an exact word. Errors: `usage`, naming the words there are.
Result<Profile> parse_profile(std::string_view word);

}  // namespace isopod::policy
