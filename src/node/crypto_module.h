// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "node/native_object.h"

namespace isopod::node {

/// The functions of "isopod:native/crypto"; js/native.d.ts is their contract.
std::vector<NativeEntry> crypto_entries();

}  // namespace isopod::node
