// SPDX-License-Identifier: MIT
// Data that claims to be compressed, in portions, in every format, and real compressed data with
// one byte changed: no crash, bounded output a step, every step goes forward or ends, and what is
// whole comes back.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "node/compression.h"

using isopod::node::CompressedFormat;
using isopod::node::CompressionStream;
using isopod::node::Direction;

namespace {

using Bytes = std::vector<std::uint8_t>;

/// No format makes more of a byte.
constexpr std::size_t kExpansionMax = 1100;

Bytes run(CompressionStream::Options options, std::span<const std::uint8_t> input,
          std::size_t portion) {
  auto stream = CompressionStream::create(std::move(options));
  if (!stream) std::abort();
  Bytes output;
  for (std::size_t at = 0;;) {
    const std::size_t size = std::min(portion, input.size() - at);
    const CompressionStream::Step step =
        (*stream)->work(input.subspan(at, size), at + size == input.size() ? Z_FINISH : Z_NO_FLUSH);
    if (step.consumed > size || step.output.size() > CompressionStream::kPortionMax) std::abort();
    at += step.consumed;
    output.insert(output.end(), step.output.begin(), step.output.end());
    if (!step.message.empty() || (step.consumed == 0 && step.output.empty())) return output;
    if (output.size() > kExpansionMax * (input.size() + 1)) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kHead = 3;
  if (size < kHead) return 0;
  const auto format = static_cast<CompressedFormat>(data[0] % 4);
  const std::size_t portion = 1 + data[0] / 4;
  const std::span<const std::uint8_t> content(data + kHead, size - kHead);
  run({.format = format}, content, portion);

  if (format == CompressedFormat::kEither) return 0;
  Bytes packed = run({.direction = Direction::kCompress, .format = format}, content, portion);
  if (data[2] == 0) {
    const Bytes back = run({.format = format}, packed, portion);
    if (!std::equal(back.begin(), back.end(), content.begin(), content.end())) std::abort();
    return 0;
  }
  packed[data[1] % packed.size()] ^= data[2];
  run({.format = format}, packed, portion);
  return 0;
}
