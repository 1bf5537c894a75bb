// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace isopod::cli {

/// Blocks until a source file in or below one of `folders` appears, vanishes or is written. Hidden
/// folders and node_modules are left out. It looks a few times a second: editors replace files in
/// too many ways for anything that watches single ones.
void wait_for_change(const std::vector<std::string>& folders);

}  // namespace isopod::cli
