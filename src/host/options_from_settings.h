// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "isopod/options.h"
#include "settings/settings.h"

namespace isopod::host {

/// The limits of one extension; an id without settings of its own gets the general ones.
ExtensionLimits limits_from(const settings::Settings& settings, std::string_view extension);

/// Fills what settings decide in the options of a host. `settings` must outlive the options.
void apply_settings(const settings::Settings& settings, HostOptions& options);

}  // namespace isopod::host
