// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

namespace isopod {

/// The seam behind which all randomness comes from. Implementations are safe to call from any
/// thread.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

/// The kernel's generator.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> bytes) override;
};

}  // namespace isopod
