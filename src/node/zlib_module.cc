// SPDX-License-Identifier: MIT
#include "node/zlib_module.h"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "node/compression.h"

namespace isopod::node {

using engine::Arguments;
using engine::Context;
using engine::Value;

namespace {

/// The memory of streams is not of the heap; together they may have this part of its limit.
constexpr std::size_t kStreamsPart = 4;
/// What a script decompresses stands in the heap twice for a while: in portions and as a whole.
constexpr std::size_t kOutputPart = 4;

/// The memory that the streams of one isolate use. Shared by them, because the garbage collector
/// may end them after the functions that made them.
using StreamBytes = std::shared_ptr<std::size_t>;

/// A stream and its part of the memory.
class CountedStream {
 public:
  CountedStream(std::unique_ptr<CompressionStream> stream, StreamBytes all, std::size_t own)
      : stream_(std::move(stream)), all_(std::move(all)), own_(own) {
    *all_ += own_;
  }
  ~CountedStream() { close(); }
  CountedStream(const CountedStream&) = delete;
  CountedStream& operator=(const CountedStream&) = delete;

  CompressionStream* get() { return stream_.get(); }
  void close() {
    if (stream_ == nullptr) return;
    stream_.reset();
    *all_ -= own_;
  }

 private:
  std::unique_ptr<CompressionStream> stream_;
  StreamBytes all_;
  std::size_t own_;
};

Result<> make_room(Context& context, const std::size_t& used, std::size_t wanted) {
  const std::size_t most = context.runtime().heap().limit_bytes() / kStreamsPart;
  // Streams that were only dropped go with the garbage.
  if (used + wanted > most) context.runtime().collect_garbage();
  if (used + wanted <= most) return {};
  return fail(Code::kQuota, "too many compression streams are open; close() those that are done");
}

Result<Value> result_of(Context& context, const CompressionStream::Step& step) {
  Result<Value> output = context.bytes(step.output);
  Result<Value> message = context.text(step.message);
  if (!output || !message) return fail(Code::kMemory, "out of memory");
  std::vector<Value> fields;
  fields.push_back(*std::move(output));
  fields.push_back(context.number(static_cast<double>(step.consumed)));
  fields.push_back(context.number(step.status));
  fields.push_back(*std::move(message));
  return context.array(std::move(fields));
}

Result<Value> stream_object(Context& context, const std::shared_ptr<CountedStream>& stream) {
  return make_object(
      context, {{"work", 2,
                 [stream](Context& in, const Arguments& arguments) -> Result<Value> {
                   Result<std::vector<std::uint8_t>> input = in.to_bytes(arguments.at(0));
                   if (!input) return fail(std::move(input.error()));
                   auto flush = whole_number(in, arguments.at(1), Z_BLOCK);
                   if (!flush) return fail(std::move(flush.error()));
                   if (input->size() > std::numeric_limits<uInt>::max() || stream->get() == nullptr)
                     return fail(Code::kInvalidArgument, "the stream is closed");
                   return result_of(in, stream->get()->work(*input, static_cast<int>(*flush)));
                 }},
                {"close", 0, [stream](Context& in, const Arguments&) -> Result<Value> {
                   stream->close();
                   return in.undefined();
                 }}});
}

struct Kind {
  const char* name;
  Direction direction;
  CompressedFormat format;
};
constexpr std::array kKinds = {
    Kind{"deflate", Direction::kCompress, CompressedFormat::kZlib},
    Kind{"gzip", Direction::kCompress, CompressedFormat::kGzip},
    Kind{"deflateRaw", Direction::kCompress, CompressedFormat::kRaw},
    Kind{"inflate", Direction::kDecompress, CompressedFormat::kZlib},
    Kind{"gunzip", Direction::kDecompress, CompressedFormat::kGzip},
    Kind{"inflateRaw", Direction::kDecompress, CompressedFormat::kRaw},
    Kind{"unzip", Direction::kDecompress, CompressedFormat::kEither},
};

Result<CompressionStream::Options> read_options(Context& context, const Arguments& arguments) {
  Result<std::string> name = context.to_text(arguments.at(0));
  if (!name) return fail(std::move(name.error()));
  const auto kind = std::find_if(kKinds.begin(), kKinds.end(),
                                 [&](const Kind& entry) { return entry.name == *name; });
  if (kind == kKinds.end()) return fail(Code::kInvalidArgument, "no compression " + *name);
  CompressionStream::Options options = {.direction = kind->direction, .format = kind->format};
  // -1 is the usual level, so it is passed as one more.
  auto level = whole_number(context, arguments.at(1), Z_BEST_COMPRESSION + 1);
  auto window_bits = whole_number(context, arguments.at(2), MAX_WBITS);
  auto memory_level = whole_number(context, arguments.at(3), MAX_MEM_LEVEL);
  auto strategy = whole_number(context, arguments.at(4), Z_FIXED);
  for (const auto* number : {&level, &window_bits, &memory_level, &strategy}) {
    if (!*number) return fail(number->error());
  }
  options.level = static_cast<int>(*level) - 1;
  options.window_bits = static_cast<int>(*window_bits);
  options.memory_level = static_cast<int>(*memory_level);
  options.strategy = static_cast<int>(*strategy);
  if (!arguments.at(5).is_undefined()) {
    Result<std::vector<std::uint8_t>> dictionary = context.to_bytes(arguments.at(5));
    if (!dictionary) return fail(std::move(dictionary.error()));
    options.dictionary = *std::move(dictionary);
  }
  return options;
}

Result<Value> new_stream(Context& context, const Arguments& arguments, const StreamBytes& used) {
  Result<CompressionStream::Options> options = read_options(context, arguments);
  if (!options) return fail(std::move(options.error()));
  const std::size_t bytes = CompressionStream::memory_of(*options);
  if (auto room = make_room(context, *used, bytes); !room) return fail(std::move(room.error()));
  auto stream = CompressionStream::create(*std::move(options));
  if (!stream) return fail(std::move(stream.error()));
  return stream_object(context, std::make_shared<CountedStream>(*std::move(stream), used, bytes));
}

Result<Value> checksum(Context& context, const Arguments& arguments) {
  Result<std::vector<std::uint8_t>> bytes = context.to_bytes(arguments.at(0));
  if (!bytes) return fail(std::move(bytes.error()));
  auto start = whole_number(context, arguments.at(1), std::numeric_limits<std::uint32_t>::max());
  if (!start) return fail(std::move(start.error()));
  return context.number(static_cast<double>(crc32_z(*start, bytes->data(), bytes->size())));
}

Result<Value> output_max(Context& context, const Arguments&) {
  return context.number(static_cast<double>(context.runtime().heap().limit_bytes() / kOutputPart));
}

}  // namespace

std::vector<NativeEntry> zlib_entries() {
  const auto used = std::make_shared<std::size_t>(0);
  return {
      {"newStream", 6,
       [used](Context& in, const Arguments& arguments) { return new_stream(in, arguments, used); }},
      {"crc32", 2, checksum},
      {"outputMax", 0, output_max}};
}

}  // namespace isopod::node
