// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/json.h"

/// The table of settings in other shapes.
namespace isopod::settings {

/// A JSON schema (draft 2020-12) of a settings file, as `isopod settings schema` prints it.
/// Stricter than `load`: unknown keys, which are warnings there, do not match.
Json schema();

/// The page docs/settings.md.
std::string markdown();

}  // namespace isopod::settings
