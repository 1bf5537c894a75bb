// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace isopod {

using MonotonicTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::system_clock::time_point;

/// The seam behind which all time comes from: the machine's clocks in the product, a hand-driven
/// one in tests. Deadlines use `monotonic`, which never jumps; `wall` is for people and records.
/// Implementations are safe to call from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual MonotonicTime monotonic() const = 0;
  [[nodiscard]] virtual WallTime wall() const = 0;
};

/// The machine's own clocks. Stateless, so sharing one object is fine.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] MonotonicTime monotonic() const override {
    return std::chrono::steady_clock::now();
  }
  [[nodiscard]] WallTime wall() const override { return std::chrono::system_clock::now(); }
};

}  // namespace isopod
