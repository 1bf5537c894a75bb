// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "node/native_object.h"

namespace isopod::node {

/// The functions of "isopod:native/zlib"; js/native.d.ts is their contract. Those of one call share
/// a bound on the memory of the streams they make.
std::vector<NativeEntry> zlib_entries();

}  // namespace isopod::node
