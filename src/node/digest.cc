// SPDX-License-Identifier: MIT
#include "node/digest.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/check.h"

namespace isopod::node {
namespace {

struct Known {
  std::string_view name;  // Node's
  const char* library_name;
};

constexpr std::array kKnown = {
    Known{"blake2b512", "BLAKE2B-512"},
    Known{"blake2s256", "BLAKE2S-256"},
    Known{"md5", "MD5"},
    Known{"ripemd160", "RIPEMD-160"},
    Known{"sha1", "SHA1"},
    Known{"sha224", "SHA2-224"},
    Known{"sha256", "SHA2-256"},
    Known{"sha3-224", "SHA3-224"},
    Known{"sha3-256", "SHA3-256"},
    Known{"sha3-384", "SHA3-384"},
    Known{"sha3-512", "SHA3-512"},
    Known{"sha384", "SHA2-384"},
    Known{"sha512", "SHA2-512"},
    Known{"sha512-224", "SHA2-512/224"},
    Known{"sha512-256", "SHA2-512/256"},
};

constexpr auto kNames = [] {
  std::array<std::string_view, kKnown.size()> names = {};
  for (std::size_t i = 0; i < kKnown.size(); ++i) names[i] = kKnown[i].name;
  return names;
}();

/// A bit more than a second of work.
constexpr std::uint64_t kScryptWorkMax = std::uint64_t{1} << 22;
/// Blocks are made and hashed once more however low the cost is.
constexpr std::uint64_t kScryptBlocksMax = std::uint64_t{1} << 18;
/// The library counts a few blocks more than the standard's formula.
constexpr std::uint64_t kScryptSlack = std::uint64_t{1} << 20;

constexpr std::uint8_t kInnerPad = 0x36;
constexpr std::uint8_t kOuterPad = 0x5c;

std::string canonical(std::string_view name) {
  std::string lower(name);
  for (char& letter : lower) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  if (lower.starts_with("rsa-")) lower.erase(0, 4);
  if (lower.starts_with("sha-")) lower.erase(3, 1);
  if (lower.starts_with("sha2-")) lower.erase(3, 2);
  return lower;
}

}  // namespace

std::span<const std::string_view> Digest::names() { return kNames; }

Result<Digest> Digest::create(std::string_view name) {
  const auto known =
      std::find_if(kKnown.begin(), kKnown.end(),
                   [wanted = canonical(name)](const Known& entry) { return entry.name == wanted; });
  if (known == kKnown.end())
    return fail(Code::kNotFound, "there is no digest " + std::string(name));
  // The system's configuration of the library is for programs of the system.
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  EVP_MD* method = EVP_MD_fetch(nullptr, known->library_name, nullptr);
  if (method == nullptr)
    return fail(Code::kUnsupported, "this system has no digest " + std::string(name));
  Digest digest(EVP_MD_CTX_new());
  const bool ready =
      digest.state_ != nullptr && EVP_DigestInit_ex2(digest.state_.get(), method, nullptr) == 1;
  EVP_MD_free(method);
  if (!ready) return fail(Code::kMemory, "out of memory");
  return digest;
}

void Digest::update(ByteView data) {
  ISOPOD_CHECK(EVP_DigestUpdate(state_.get(), data.data(), data.size()) == 1, "a running digest");
}

ByteVector Digest::finish() {
  ByteVector result(size());
  ISOPOD_CHECK(EVP_DigestFinal_ex(state_.get(), result.data(), nullptr) == 1, "a running digest");
  return result;
}

Digest Digest::copy() const {
  Digest copied(EVP_MD_CTX_new());
  ISOPOD_CHECK(copied.state_ != nullptr, "memory for a digest");
  copied.become(*this);
  return copied;
}

void Digest::become(const Digest& other) {
  ISOPOD_CHECK(EVP_MD_CTX_copy_ex(state_.get(), other.state_.get()) == 1, "a running digest");
}

std::size_t Digest::size() const {
  return static_cast<std::size_t>(EVP_MD_CTX_get_size(state_.get()));
}

std::size_t Digest::block_size() const {
  return static_cast<std::size_t>(EVP_MD_CTX_get_block_size(state_.get()));
}

// ---- Hmac ----

Hmac::Hmac(Digest inner, Digest outer)
    : inner_start_(inner.copy()),
      outer_start_(outer.copy()),
      inner_(std::move(inner)),
      outer_(std::move(outer)) {}

Result<Hmac> Hmac::create(std::string_view name, ByteView key) {
  Result<Digest> inner = Digest::create(name);
  if (!inner) return fail(std::move(inner.error()));
  Digest outer = inner->copy();
  ByteVector block(key.begin(), key.end());
  if (block.size() > inner->block_size()) {
    Digest shortener = inner->copy();
    shortener.update(key);
    block = shortener.finish();
  }
  block.resize(inner->block_size(), 0);
  for (std::uint8_t& byte : block) byte ^= kInnerPad;
  inner->update(block);
  for (std::uint8_t& byte : block) byte ^= kInnerPad ^ kOuterPad;
  outer.update(block);
  OPENSSL_cleanse(block.data(), block.size());
  return Hmac(*std::move(inner), std::move(outer));
}

ByteVector Hmac::finish() {
  outer_.become(outer_start_);
  outer_.update(inner_.finish());
  inner_.become(inner_start_);
  return outer_.finish();
}

Hmac Hmac::copy() const {
  Hmac copied(inner_start_.copy(), outer_start_.copy());
  copied.inner_.become(inner_);
  return copied;
}

// ---- Pbkdf2 ----

Pbkdf2::Pbkdf2(Hmac hmac, const Options& options)
    : hmac_(std::move(hmac)),
      salt_(options.salt.begin(), options.salt.end()),
      iterations_(options.iterations),
      size_(options.size) {}

Result<Pbkdf2> Pbkdf2::create(const Options& options) {
  if (options.iterations == 0)
    return fail(Code::kInvalidArgument, "pbkdf2 takes at least one iteration");
  Result<Hmac> hmac = Hmac::create(options.digest, options.password);
  if (!hmac) return fail(std::move(hmac.error()));
  return Pbkdf2(*std::move(hmac), options);
}

void Pbkdf2::start_block() {
  ++block_;
  std::array<std::uint8_t, 4> number = {};
  for (std::size_t i = 0; i < number.size(); ++i)
    number[i] = static_cast<std::uint8_t>(block_ >> (8 * (3 - i)));
  hmac_.update(salt_);
  hmac_.update(number);
  last_ = hmac_.finish();
  sum_ = last_;
  rounds_left_ = iterations_ - 1;
}

std::optional<ByteVector> Pbkdf2::work(std::uint32_t rounds) {
  while (key_.size() < size_) {
    if (rounds == 0) return std::nullopt;
    --rounds;
    if (last_.empty()) {
      start_block();
    } else {
      hmac_.update(last_);
      last_ = hmac_.finish();
      for (std::size_t i = 0; i < sum_.size(); ++i) sum_[i] ^= last_[i];
      --rounds_left_;
    }
    if (rounds_left_ > 0) continue;
    key_.insert(key_.end(), sum_.begin(), sum_.end());
    last_.clear();
  }
  key_.resize(size_);
  return key_;
}

// ---- scrypt ----

Result<ByteVector> scrypt(const ScryptOptions& options) {
  const std::uint64_t cost = options.cost;
  if (cost < 2 || (cost & (cost - 1)) != 0)
    return fail(Code::kInvalidArgument, "the cost is not a power of two");
  // Each on its own first, so that the products cannot overflow.
  const bool small = cost <= kScryptWorkMax && options.block_size <= kScryptWorkMax &&
                     options.lanes <= kScryptWorkMax;
  if (options.block_size == 0 || options.lanes == 0 || !small ||
      options.block_size * options.lanes > kScryptBlocksMax ||
      cost * options.block_size * options.lanes > kScryptWorkMax) {
    return fail(Code::kInvalidArgument,
                "more work than fits in a turn (cost times block size times lanes may be " +
                    std::to_string(kScryptWorkMax) + ", and without the cost " +
                    std::to_string(kScryptBlocksMax) + ")");
  }
  if (128 * options.block_size * (cost + options.lanes + 2) > options.memory_max)
    return fail(Code::kInvalidArgument, "memory limit exceeded");
  ByteVector key(options.size);
  // The library reads a null password as "none given" and a null key as "only check".
  std::uint8_t nothing = 0;
  const auto* password =
      reinterpret_cast<const char*>(options.password.empty() ? &nothing : options.password.data());
  if (key.empty()) return key;
  if (EVP_PBE_scrypt(password, options.password.size(), options.salt.data(), options.salt.size(),
                     cost, options.block_size, options.lanes, options.memory_max + kScryptSlack,
                     key.data(), key.size()) != 1) {
    return fail(Code::kInvalidArgument, "the library refuses them");
  }
  return key;
}

}  // namespace isopod::node
