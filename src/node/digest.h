// SPDX-License-Identifier: MIT
#pragma once

#include <openssl/evp.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "isopod/result.h"

namespace isopod::node {

using ByteView = std::span<const std::uint8_t>;
using ByteVector = std::vector<std::uint8_t>;

/// A running hash. Values of one thread; a moved-from one may only be destroyed.
class Digest {
 public:
  /// The names that `create` takes, as Node lists them.
  static std::span<const std::string_view> names();

  /// Letters of `name` may be large; "RSA-" in front means nothing and "SHA-256" is "sha256", as in
  /// Node. Errors: `not_found` for a name that is not in the list.
  static Result<Digest> create(std::string_view name);

  void update(ByteView data);
  /// The hash of everything so far; nothing may follow.
  ByteVector finish();
  [[nodiscard]] Digest copy() const;
  /// Continues where `other`, a hash of the same name, stands; cheaper than a copy.
  void become(const Digest& other);

  [[nodiscard]] std::size_t size() const;        ///< bytes of the result
  [[nodiscard]] std::size_t block_size() const;  ///< bytes it works on at once

 private:
  struct Free {
    void operator()(EVP_MD_CTX* state) const { EVP_MD_CTX_free(state); }
  };
  explicit Digest(EVP_MD_CTX* state) : state_(state) {}

  std::unique_ptr<EVP_MD_CTX, Free> state_;
};

/// A running keyed hash (RFC 2104).
class Hmac {
 public:
  /// Errors: as for Digest.
  static Result<Hmac> create(std::string_view name, ByteView key);

  void update(ByteView data) { inner_.update(data); }
  /// The code of everything so far, ready for the next message under the same key.
  ByteVector finish();
  [[nodiscard]] Hmac copy() const;

  [[nodiscard]] std::size_t size() const { return inner_.size(); }

 private:
  Hmac(Digest inner, Digest outer);

  Digest inner_start_;
  Digest outer_start_;
  Digest inner_;
  Digest outer_;
};

/// PBKDF2 (RFC 8018) in portions, because its duration is what it is for and nothing can interrupt
/// a native function.
class Pbkdf2 {
 public:
  struct Options {
    std::string_view digest;
    ByteView password;
    ByteView salt;
    std::uint32_t iterations = 1;
    std::size_t size = 0;  ///< bytes wanted
  };
  /// Errors: `not_found` for an unknown digest; `invalid_argument` for no iterations.
  static Result<Pbkdf2> create(const Options& options);

  /// Does up to `rounds` rounds; the key once it is complete.
  std::optional<ByteVector> work(std::uint32_t rounds);

 private:
  Pbkdf2(Hmac hmac, const Options& options);
  void start_block();

  Hmac hmac_;
  ByteVector salt_;
  std::uint32_t iterations_;
  std::size_t size_;
  std::uint32_t block_ = 0;        // of the result, counted from 1
  std::uint32_t rounds_left_ = 0;  // of that block
  ByteVector last_;
  ByteVector sum_;
  ByteVector key_;
};

struct ScryptOptions {
  ByteView password;
  ByteView salt;
  std::uint64_t cost = 0;  ///< a power of two, larger than 1
  std::uint64_t block_size = 0;
  std::uint64_t lanes = 0;
  std::size_t size = 0;        ///< bytes wanted
  std::size_t memory_max = 0;  ///< bytes it may use meanwhile
};

/// scrypt (RFC 7914), in one go. Errors: `invalid_argument` for numbers the function is not defined
/// for, for more memory than allowed and for more than about two seconds of work.
Result<ByteVector> scrypt(const ScryptOptions& options);

}  // namespace isopod::node
