// SPDX-License-Identifier: MIT
#pragma once

#include <zlib.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "isopod/result.h"

namespace isopod::node {

/// The formats of compressed data. kEither is for reading: gzip or zlib, by its first byte.
enum class CompressedFormat { kZlib, kGzip, kRaw, kEither };

enum class Direction { kCompress, kDecompress };

/// A stream of data that is being compressed or decompressed, in portions: a call gives at most
/// `kPortionMax` bytes, so its time and memory are bounded however far the data expands. Not
/// movable, because the library keeps pointers into it. One thread.
class CompressionStream {
 public:
  static constexpr std::size_t kPortionMax = std::size_t{64} << 10;

  struct Options {
    Direction direction = Direction::kDecompress;
    CompressedFormat format = CompressedFormat::kGzip;
    int level = Z_DEFAULT_COMPRESSION;
    int window_bits = MAX_WBITS;
    int memory_level = 8;
    int strategy = Z_DEFAULT_STRATEGY;
    std::vector<std::uint8_t> dictionary = {};
  };
  /// Errors: `invalid_argument` for numbers the library refuses; `memory`.
  static Result<std::unique_ptr<CompressionStream>> create(Options options);
  ~CompressionStream();
  CompressionStream(const CompressionStream&) = delete;
  CompressionStream& operator=(const CompressionStream&) = delete;

  struct Step {
    std::vector<std::uint8_t> output;
    std::size_t consumed = 0;  ///< bytes of the input that are dealt with
    /// A status of the library: Z_OK (call again with what is left of the input, or with more),
    /// Z_STREAM_END, Z_BUF_ERROR (nothing can be done without more input), or what went wrong.
    int status = Z_OK;
    std::string message;  ///< what went wrong
  };
  /// Works on `input`; `flush` is one of the library's words. After an error the stream is of no
  /// use.
  Step work(std::span<const std::uint8_t> input, int flush);

  /// About what the library allocates for such a stream.
  static std::size_t memory_of(const Options& options);

 private:
  explicit CompressionStream(Options options) : options_(std::move(options)) {}
  int start();
  int decompress(int flush);
  bool next_member();
  [[nodiscard]] const char* words_for(int status) const;

  Options options_;
  z_stream stream_ = {};
  bool started_ = false;
  bool ended_ = false;
  bool is_gzip_ = false;  // members may follow one another
};

}  // namespace isopod::node
