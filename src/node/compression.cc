// SPDX-License-Identifier: MIT
#include "node/compression.h"

#include <utility>

namespace isopod::node {
namespace {

constexpr std::uint8_t kGzipFirstByte = 0x1f;
/// What the library's documentation adds to the window bits for the formats.
constexpr int kGzipBits = 16;
constexpr int kEitherBits = 32;

int bits_of(const CompressionStream::Options& options) {
  switch (options.format) {
    case CompressedFormat::kZlib: return options.window_bits;
    case CompressedFormat::kGzip: return options.window_bits + kGzipBits;
    case CompressedFormat::kEither: return options.window_bits + kEitherBits;
    case CompressedFormat::kRaw: break;
  }
  // The library cannot write raw data with a window of 256 bytes.
  const bool too_small = options.direction == Direction::kCompress && options.window_bits == 8;
  return too_small ? -9 : -options.window_bits;
}

}  // namespace

Result<std::unique_ptr<CompressionStream>> CompressionStream::create(Options options) {
  auto stream = std::unique_ptr<CompressionStream>(new CompressionStream(std::move(options)));
  const int status = stream->start();
  if (status == Z_OK) return stream;
  if (status == Z_MEM_ERROR) return fail(Code::kMemory, "no memory for a compression stream");
  return fail(Code::kInvalidArgument, "parameters that compression is not defined for");
}

int CompressionStream::start() {
  const bool compresses = options_.direction == Direction::kCompress;
  const int status = compresses
                         ? deflateInit2(&stream_, options_.level, Z_DEFLATED, bits_of(options_),
                                        options_.memory_level, options_.strategy)
                         : inflateInit2(&stream_, bits_of(options_));
  if (status != Z_OK) return status;
  started_ = true;
  is_gzip_ = options_.format == CompressedFormat::kGzip;
  const std::vector<std::uint8_t>& dictionary = options_.dictionary;
  if (dictionary.empty()) return Z_OK;
  const auto size = static_cast<uInt>(dictionary.size());
  if (compresses) return deflateSetDictionary(&stream_, dictionary.data(), size);
  // Other formats say themselves when they need it.
  const bool raw = options_.format == CompressedFormat::kRaw;
  return raw ? inflateSetDictionary(&stream_, dictionary.data(), size) : Z_OK;
}

CompressionStream::~CompressionStream() {
  if (!started_) return;
  if (options_.direction == Direction::kCompress) {
    deflateEnd(&stream_);
  } else {
    inflateEnd(&stream_);
  }
}

bool CompressionStream::next_member() {
  // What follows the last member counts as padding when it begins with a zero.
  if (!is_gzip_ || stream_.avail_in == 0 || *stream_.next_in == 0) return false;
  ended_ = false;
  return inflateReset(&stream_) == Z_OK;
}

int CompressionStream::decompress(int flush) {
  for (;;) {
    if (ended_ && !next_member()) return Z_STREAM_END;
    int status = inflate(&stream_, flush);
    if (status == Z_NEED_DICT && !options_.dictionary.empty()) {
      status = inflateSetDictionary(&stream_, options_.dictionary.data(),
                                    static_cast<uInt>(options_.dictionary.size()));
      if (status != Z_OK) return Z_NEED_DICT;
      status = inflate(&stream_, flush);
    }
    if (status != Z_STREAM_END) return status;
    ended_ = true;
  }
}

CompressionStream::Step CompressionStream::work(std::span<const std::uint8_t> input, int flush) {
  Step step;
  step.output.resize(kPortionMax);
  if (options_.format == CompressedFormat::kEither && stream_.total_in == 0 && !input.empty())
    is_gzip_ = input.front() == kGzipFirstByte;
  // The library's older interface lacks a const.
  stream_.next_in = const_cast<std::uint8_t*>(input.data());
  stream_.avail_in = static_cast<uInt>(input.size());
  stream_.next_out = step.output.data();
  stream_.avail_out = static_cast<uInt>(step.output.size());
  stream_.msg = nullptr;
  const bool compresses = options_.direction == Direction::kCompress;
  step.status = compresses ? deflate(&stream_, flush) : decompress(flush);
  step.consumed = input.size() - stream_.avail_in;
  step.output.resize(step.output.size() - stream_.avail_out);
  if (step.status != Z_OK && step.status != Z_STREAM_END && step.status != Z_BUF_ERROR)
    step.message = words_for(step.status);
  return step;
}

const char* CompressionStream::words_for(int status) const {
  if (status == Z_NEED_DICT)
    return options_.dictionary.empty() ? "Missing dictionary" : "Bad dictionary";
  if (stream_.msg != nullptr) return stream_.msg;
  return status == Z_MEM_ERROR ? "out of memory" : "Zlib error";
}

std::size_t CompressionStream::memory_of(const Options& options) {
  // The formulas of the library's documentation, and what is around them.
  constexpr std::size_t kAround = std::size_t{16} << 10;
  const std::size_t window = std::size_t{1}
                             << (options.window_bits == 0 ? MAX_WBITS : options.window_bits);
  if (options.direction == Direction::kDecompress)
    return window + kAround + options.dictionary.size();
  return 4 * window + (std::size_t{1} << (options.memory_level + 9)) + kAround +
         options.dictionary.size();
}

}  // namespace isopod::node
