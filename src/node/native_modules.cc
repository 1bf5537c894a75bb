// SPDX-License-Identifier: MIT
#include "node/native_modules.h"

#include <array>

#include "node/crypto_module.h"
#include "node/native_object.h"
#include "node/zlib_module.h"

namespace isopod::node {

std::span<const isolate::NativeModule> native_modules() {
  // Threads that hang in the engine may outlive the end of main, so this is never destroyed.
  static const auto& modules = *new std::array{make_module("isopod:native/crypto", crypto_entries),
                                               make_module("isopod:native/zlib", zlib_entries)};
  return modules;
}

}  // namespace isopod::node
