// SPDX-License-Identifier: MIT
#include "base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <vector>

namespace isopod {
namespace {

TEST(SystemRandomTest, FillsEveryByteOfLargeBuffers) {
  SystemRandom random;
  // Larger than what the kernel gives at once without looking at signals.
  std::vector<std::uint8_t> bytes(100'000, 0);
  random.fill(bytes);
  for (std::size_t start = 0; start < bytes.size(); start += 1000) {
    const auto part = std::span(bytes).subspan(start, 1000);
    const std::set<std::uint8_t> distinct(part.begin(), part.end());
    // A thousand random bytes hold about 251 different values; 150 never happens.
    EXPECT_GT(distinct.size(), 150U) << "at byte " << start;
  }
}

TEST(SystemRandomTest, NeverRepeatsItself) {
  SystemRandom random;
  std::set<std::array<std::uint8_t, 16>> seen;
  for (int i = 0; i < 1000; ++i) {
    std::array<std::uint8_t, 16> bytes = {};
    random.fill(bytes);
    EXPECT_TRUE(seen.insert(bytes).second);
  }
}

TEST(SystemRandomTest, TouchesNothingOutsideTheBuffer) {
  SystemRandom random;
  std::array<std::uint8_t, 64> bytes = {};
  random.fill(std::span(bytes).subspan(16, 0));
  EXPECT_EQ(std::count(bytes.begin(), bytes.end(), 0), 64);
  random.fill(std::span(bytes).subspan(16, 32));
  EXPECT_EQ(std::count(bytes.begin(), bytes.begin() + 16, 0), 16);
  EXPECT_EQ(std::count(bytes.end() - 16, bytes.end(), 0), 16);
  EXPECT_LT(std::count(bytes.begin() + 16, bytes.end() - 16, 0), 10);
}

}  // namespace
}  // namespace isopod
