// SPDX-License-Identifier: MIT
#include "base/random.h"

#include <sys/random.h>

#include <cerrno>

#include "base/check.h"

namespace isopod {

void SystemRandom::fill(std::span<std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t got = getrandom(bytes.data(), bytes.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    ISOPOD_CHECK(got > 0, "the kernel always has random bytes for a valid buffer");
    bytes = bytes.subspan(static_cast<std::size_t>(got));
  }
}

}  // namespace isopod
