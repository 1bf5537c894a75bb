// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "isopod/result.h"

namespace isopod::host {

/// The extensions in a folder, one level deep, as pi finds them: each *.ts and *.js file, each
/// sub-folder that is an extension. Absolute paths in byte order; empty when there is no such
/// folder.
Result<std::vector<std::string>> discover(const std::string& folder);

}  // namespace isopod::host
