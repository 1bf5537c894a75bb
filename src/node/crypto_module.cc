// SPDX-License-Identifier: MIT
#include "node/crypto_module.h"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "node/digest.h"

namespace isopod::node {

using engine::Arguments;
using engine::Context;
using engine::Value;

namespace {

/// Rounds of PBKDF2 in one call: about a millisecond.
constexpr std::uint32_t kRoundsPerCall = 1000;
/// A derived key that is longer serves nobody.
constexpr std::size_t kKeyBytesMax = std::size_t{16} << 20;
/// The largest number that scripts count with.
constexpr std::uint64_t kWholeMax = (std::uint64_t{1} << 53) - 1;

Result<Value> digest_names(Context& context, const Arguments&) {
  std::vector<Value> names;
  for (const std::string_view name : Digest::names()) {
    Result<Value> text = context.text(name);
    if (!text) return text;
    names.push_back(*std::move(text));
  }
  return context.array(std::move(names));
}

/// What the functions of one running digest or code share. Empty once it is finished.
template <typename Running>
using Shared = std::shared_ptr<std::optional<Running>>;

template <typename Running>
NativeEntry update_of(Shared<Running> running) {
  return {"update", 1, [running](Context& in, const Arguments& arguments) -> Result<Value> {
            Result<ByteVector> data = in.to_bytes(arguments.at(0));
            if (!data) return fail(std::move(data.error()));
            if (!*running) return fail(Code::kInvalidArgument, "this hash is finished");
            (*running)->update(*data);
            return in.undefined();
          }};
}

template <typename Running>
NativeEntry finish_of(Shared<Running> running) {
  return {"finish", 0, [running](Context& in, const Arguments&) -> Result<Value> {
            if (!*running) return fail(Code::kInvalidArgument, "this hash is finished");
            const ByteVector result = (*running)->finish();
            running->reset();
            return in.bytes(result);
          }};
}

Result<Value> digest_object(Context& context, Digest digest) {
  const auto running = std::make_shared<std::optional<Digest>>(std::move(digest));
  return make_object(context,
                     {update_of(running),
                      finish_of(running),
                      {"copy", 0, [running](Context& in, const Arguments&) -> Result<Value> {
                         if (!*running)
                           return fail(Code::kInvalidArgument, "this hash is finished");
                         return digest_object(in, (*running)->copy());
                       }}});
}

Result<Value> new_digest(Context& context, const Arguments& arguments) {
  Result<std::string> name = context.to_text(arguments.at(0));
  if (!name) return fail(std::move(name.error()));
  Result<Digest> digest = Digest::create(*name);
  if (!digest) return fail(std::move(digest.error()));
  return digest_object(context, *std::move(digest));
}

Result<Value> new_hmac(Context& context, const Arguments& arguments) {
  Result<std::string> name = context.to_text(arguments.at(0));
  if (!name) return fail(std::move(name.error()));
  Result<ByteVector> key = context.to_bytes(arguments.at(1));
  if (!key) return fail(std::move(key.error()));
  Result<Hmac> hmac = Hmac::create(*name, *key);
  if (!hmac) return fail(std::move(hmac.error()));
  const auto running = std::make_shared<std::optional<Hmac>>(*std::move(hmac));
  return make_object(context, {update_of(running), finish_of(running)});
}

Result<Value> digest_of(Context& context, const Arguments& arguments) {
  Result<std::string> name = context.to_text(arguments.at(0));
  if (!name) return fail(std::move(name.error()));
  Result<ByteVector> data = context.to_bytes(arguments.at(1));
  if (!data) return fail(std::move(data.error()));
  Result<Digest> digest = Digest::create(*name);
  if (!digest) return fail(std::move(digest.error()));
  digest->update(*data);
  return context.bytes(digest->finish());
}

Result<Value> new_pbkdf2(Context& context, const Arguments& arguments) {
  Result<std::string> name = context.to_text(arguments.at(0));
  if (!name) return fail(std::move(name.error()));
  Result<ByteVector> password = context.to_bytes(arguments.at(1));
  if (!password) return fail(std::move(password.error()));
  Result<ByteVector> salt = context.to_bytes(arguments.at(2));
  if (!salt) return fail(std::move(salt.error()));
  auto iterations =
      whole_number(context, arguments.at(3), std::numeric_limits<std::int32_t>::max());
  if (!iterations) return fail(std::move(iterations.error()));
  auto size = whole_number(context, arguments.at(4), kKeyBytesMax);
  if (!size) return fail(std::move(size.error()));
  Result<Pbkdf2> made = Pbkdf2::create({.digest = *name,
                                        .password = *password,
                                        .salt = *salt,
                                        .iterations = static_cast<std::uint32_t>(*iterations),
                                        .size = *size});
  if (!made) return fail(std::move(made.error()));
  const auto running = std::make_shared<Pbkdf2>(*std::move(made));
  return make_function(context,
                       {"work", 0, [running](Context& in, const Arguments&) -> Result<Value> {
                          const std::optional<ByteVector> key = running->work(kRoundsPerCall);
                          return key ? in.bytes(*key) : Result<Value>(in.undefined());
                        }});
}

Result<Value> derive_scrypt(Context& context, const Arguments& arguments) {
  Result<ByteVector> password = context.to_bytes(arguments.at(0));
  if (!password) return fail(std::move(password.error()));
  Result<ByteVector> salt = context.to_bytes(arguments.at(1));
  if (!salt) return fail(std::move(salt.error()));
  std::array<std::uint64_t, 5> numbers = {};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    auto number = whole_number(context, arguments.at(i + 2), kWholeMax);
    if (!number) return fail(std::move(number.error()));
    numbers[i] = *number;
  }
  const auto& [cost, block_size, lanes, size, memory_max] = numbers;
  if (size > kKeyBytesMax) return fail(Code::kInvalidArgument, "the key is too long");
  Result<ByteVector> key = scrypt(
      {.password = *password,
       .salt = *salt,
       .cost = cost,
       .block_size = block_size,
       .lanes = lanes,
       .size = size,
       // The memory is not of the heap, but no more than the heap may have is fair.
       .memory_max = std::min<std::size_t>(memory_max, context.runtime().heap().limit_bytes())});
  return key ? context.bytes(*key) : fail(std::move(key.error()));
}

}  // namespace

std::vector<NativeEntry> crypto_entries() {
  return {{"digestNames", 0, digest_names}, {"newDigest", 1, new_digest},
          {"newHmac", 2, new_hmac},         {"digest", 2, digest_of},
          {"newPbkdf2", 5, new_pbkdf2},     {"scrypt", 7, derive_scrypt}};
}

}  // namespace isopod::node
