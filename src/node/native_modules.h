// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "isolate/options.h"

namespace isopod::node {

/// The native halves of the Node built-ins, for isolate::Options. Made once, never freed; any
/// thread.
std::span<const isolate::NativeModule> native_modules();

}  // namespace isopod::node
