// SPDX-License-Identifier: MIT
#include "node/compression.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <type_traits>

namespace isopod::node {
namespace {

static_assert(!std::is_move_constructible_v<CompressionStream>);

using Bytes = std::vector<std::uint8_t>;

Bytes bytes(std::string_view text) { return {text.begin(), text.end()}; }

struct Outcome {
  Bytes output;
  int status = Z_OK;
  std::string message;
};

/// The whole input, `portion` bytes at a time.
Outcome run(CompressionStream::Options options, const Bytes& input, std::size_t portion) {
  auto stream = CompressionStream::create(std::move(options));
  if (!stream) return {{}, Z_STREAM_ERROR, stream.error().message};
  Outcome outcome;
  std::size_t at = 0;
  for (int calls = 0; calls < 1'000'000; ++calls) {
    const std::size_t size = std::min(portion, input.size() - at);
    const int flush = at + size == input.size() ? Z_FINISH : Z_NO_FLUSH;
    CompressionStream::Step step = (*stream)->work(std::span(input).subspan(at, size), flush);
    EXPECT_LE(step.output.size(), CompressionStream::kPortionMax);
    outcome.output.insert(outcome.output.end(), step.output.begin(), step.output.end());
    at += step.consumed;
    outcome.status = step.status;
    outcome.message = std::move(step.message);
    const bool stuck = step.consumed == 0 && step.output.empty();
    const bool ended = step.status == Z_STREAM_END && (at == input.size() || stuck);
    if (!outcome.message.empty() || ended || stuck) return outcome;
  }
  ADD_FAILURE() << "never ended";
  return outcome;
}

Bytes compressed(CompressedFormat format, const Bytes& input) {
  return run({.direction = Direction::kCompress, .format = format}, input, 1 << 16).output;
}

Outcome decompressed(CompressedFormat format, const Bytes& input, std::size_t portion = 1 << 16) {
  return run({.direction = Direction::kDecompress, .format = format}, input, portion);
}

RC_GTEST_PROP(CompressionTest, WhatIsCompressedComesBackInPortionsOfAnySize, (const Bytes& input)) {
  const auto portion = *rc::gen::inRange<std::size_t>(1, 100);
  for (const CompressedFormat format :
       {CompressedFormat::kZlib, CompressedFormat::kGzip, CompressedFormat::kRaw}) {
    const Outcome outcome = decompressed(format, compressed(format, input), portion);
    RC_ASSERT(outcome.output == input);
    RC_ASSERT(outcome.status == Z_STREAM_END);
  }
}

RC_GTEST_PROP(CompressionTest, BrokenDataEndsInAnErrorOrInOutput, (Bytes input)) {
  const Bytes good = compressed(CompressedFormat::kGzip, bytes("some text some text"));
  const auto keep = *rc::gen::inRange<std::size_t>(0, good.size());
  input.insert(input.begin(), good.begin(), good.begin() + static_cast<std::ptrdiff_t>(keep));
  for (const CompressedFormat format : {CompressedFormat::kZlib, CompressedFormat::kGzip,
                                        CompressedFormat::kRaw, CompressedFormat::kEither}) {
    const Outcome outcome = decompressed(format, input, 7);
    RC_ASSERT(outcome.message.empty() == (outcome.status == Z_OK || outcome.status == Z_BUF_ERROR ||
                                          outcome.status == Z_STREAM_END));
  }
}

TEST(CompressionTest, ErrorsSayWhatIsWrong) {
  EXPECT_EQ(decompressed(CompressedFormat::kGzip, bytes("abcdefgh")).message,
            "incorrect header check");
  EXPECT_EQ(decompressed(CompressedFormat::kRaw, {0xff, 0xff}).message, "invalid block type");
  Bytes wrong = compressed(CompressedFormat::kZlib, bytes("text"));
  wrong.back() ^= 1;
  const Outcome outcome = decompressed(CompressedFormat::kZlib, wrong);
  EXPECT_EQ(outcome.message, "incorrect data check");
  EXPECT_EQ(outcome.status, Z_DATA_ERROR);
  Bytes half = compressed(CompressedFormat::kGzip, bytes("text"));
  half.resize(half.size() - 3);
  EXPECT_EQ(decompressed(CompressedFormat::kGzip, half).status, Z_BUF_ERROR);
}

TEST(CompressionTest, MembersOfAGzipFollowOneAnotherAndZerosAreIgnored) {
  const Bytes one = compressed(CompressedFormat::kGzip, bytes("one"));
  Bytes all = one;
  const Bytes two = compressed(CompressedFormat::kGzip, bytes("two"));
  all.insert(all.end(), two.begin(), two.end());
  for (const std::size_t portion : {std::size_t{1}, std::size_t{1000}}) {
    for (const CompressedFormat format : {CompressedFormat::kGzip, CompressedFormat::kEither})
      EXPECT_EQ(decompressed(format, all, portion).output, bytes("onetwo")) << portion;
  }
  Bytes padded = one;
  padded.insert(padded.end(), 20, 0);
  EXPECT_EQ(decompressed(CompressedFormat::kGzip, padded).status, Z_STREAM_END);
  Bytes dirty = one;
  dirty.insert(dirty.end(), 20, 'x');
  EXPECT_EQ(decompressed(CompressedFormat::kGzip, dirty).message, "incorrect header check");
}

TEST(CompressionTest, EitherReadsBothFormats) {
  for (const CompressedFormat format : {CompressedFormat::kGzip, CompressedFormat::kZlib})
    EXPECT_EQ(decompressed(CompressedFormat::kEither, compressed(format, bytes("x"))).output,
              bytes("x"));
  EXPECT_EQ(decompressed(CompressedFormat::kEither, bytes("zzzz")).message,
            "incorrect header check");
}

TEST(CompressionTest, DictionariesAreAskedForAndChecked) {
  const Bytes data = run({.direction = Direction::kCompress,
                          .format = CompressedFormat::kZlib,
                          .dictionary = bytes("hello world")},
                         bytes("hello world"), 100)
                         .output;
  CompressionStream::Options options = {.format = CompressedFormat::kZlib};
  EXPECT_EQ(run(options, data, 100).message, "Missing dictionary");
  options.dictionary = bytes("other");
  EXPECT_EQ(run(options, data, 100).message, "Bad dictionary");
  options.dictionary = bytes("hello world");
  EXPECT_EQ(run(options, data, 3).output, bytes("hello world"));
}

TEST(CompressionTest, RawDataHasTheDictionaryOfItsReader) {
  const Bytes dictionary = bytes("hello world");
  const Bytes data = run({.direction = Direction::kCompress,
                          .format = CompressedFormat::kRaw,
                          .dictionary = dictionary},
                         dictionary, 100)
                         .output;
  EXPECT_EQ(run({.format = CompressedFormat::kRaw, .dictionary = dictionary}, data, 2).output,
            dictionary);
  EXPECT_NE(run({.format = CompressedFormat::kRaw}, data, 2).output, dictionary);
}

TEST(CompressionTest, TheSmallestWindowWorksInEveryFormat) {
  const Bytes input = bytes("text text text");
  for (const CompressedFormat format :
       {CompressedFormat::kZlib, CompressedFormat::kGzip, CompressedFormat::kRaw}) {
    const Outcome packed =
        run({.direction = Direction::kCompress, .format = format, .window_bits = 9}, input, 100);
    EXPECT_EQ(run({.format = format, .window_bits = 9}, packed.output, 100).output, input);
  }
  const Outcome raw =
      run({.direction = Direction::kCompress, .format = CompressedFormat::kRaw, .window_bits = 8},
          input, 100);
  EXPECT_EQ(decompressed(CompressedFormat::kRaw, raw.output).output, input);
}

TEST(CompressionTest, TheMemoryOfAStreamCountsWhatItIsMadeWith) {
  using Options = CompressionStream::Options;
  const auto memory = [](Options options) { return CompressionStream::memory_of(options); };
  for (const Direction direction : {Direction::kCompress, Direction::kDecompress}) {
    const std::size_t plain = memory({.direction = direction});
    EXPECT_EQ(memory({.direction = direction, .dictionary = Bytes(1000)}), plain + 1000);
    EXPECT_LT(memory({.direction = direction, .window_bits = 9}), plain);
    EXPECT_GE(plain, std::size_t{1} << MAX_WBITS);
  }
  EXPECT_GT(memory({.direction = Direction::kCompress, .memory_level = 9}),
            memory({.direction = Direction::kCompress, .memory_level = 8}));
  // Zero means the largest to the library.
  EXPECT_EQ(memory({.window_bits = 0}), memory({}));
}

TEST(CompressionTest, NumbersTheLibraryRefusesAreErrors) {
  for (const CompressionStream::Options& options :
       {CompressionStream::Options{.direction = Direction::kCompress, .level = 10},
        CompressionStream::Options{.direction = Direction::kCompress, .window_bits = 3},
        CompressionStream::Options{.direction = Direction::kCompress, .memory_level = 0},
        CompressionStream::Options{.direction = Direction::kCompress, .strategy = 9}}) {
    auto stream = CompressionStream::create(options);
    ASSERT_FALSE(stream.has_value());
    EXPECT_EQ(stream.error().code, Code::kInvalidArgument);
  }
}

}  // namespace
}  // namespace isopod::node
