// SPDX-License-Identifier: MIT
#include "node/digest.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <type_traits>

namespace isopod::node {
namespace {

static_assert(std::is_nothrow_move_constructible_v<Digest>);
static_assert(!std::is_copy_constructible_v<Digest>);

ByteView view(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string hex(const ByteVector& bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

std::string digest(std::string_view name, std::string_view text) {
  Result<Digest> running = Digest::create(name);
  if (!running) return running.error().describe();
  running->update(view(text));
  return hex(running->finish());
}

std::string hmac(std::string_view name, std::string_view key, std::string_view text) {
  Result<Hmac> running = Hmac::create(name, view(key));
  if (!running) return running.error().describe();
  running->update(view(text));
  return hex(running->finish());
}

// The examples of the standards (RFC 1321, FIPS 180-4, FIPS 202, RFC 7693).
TEST(DigestTest, KnowsTheExamplesOfTheStandards) {
  EXPECT_EQ(digest("md5", "abc"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(digest("sha1", "abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(digest("sha224", "abc"), "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7");
  EXPECT_EQ(digest("sha256", "abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digest("sha3-256", "abc"),
            "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532");
  EXPECT_EQ(digest("sha512", "abc").substr(0, 32), "ddaf35a193617abacc417349ae204131");
  EXPECT_EQ(digest("blake2b512", "abc").substr(0, 32), "ba80a53f981c4d0d6a2797b69f12f6e9");
}

TEST(DigestTest, EveryListedNameWorksAndGivesItsSize) {
  EXPECT_GE(Digest::names().size(), 15U);
  for (const std::string_view name : Digest::names()) {
    Result<Digest> running = Digest::create(name);
    ASSERT_TRUE(running.has_value()) << name;
    const std::size_t size = running->size();
    EXPECT_EQ(running->finish().size(), size) << name;
    EXPECT_EQ(digest(name, "").size(), 2 * size) << name;
  }
}

TEST(DigestTest, NamesAreReadAsNodeReadsThem) {
  const std::string expected = digest("sha256", "x");
  for (const char* name : {"SHA256", "RSA-SHA256", "sha-256", "SHA2-256"})
    EXPECT_EQ(digest(name, "x"), expected) << name;
  for (const char* name : {"", "sha", "sha257", "rsa-", "sha256 ", "sha512/256", "null"}) {
    Result<Digest> none = Digest::create(name);
    ASSERT_FALSE(none.has_value()) << name;
    EXPECT_EQ(none.error().code, Code::kNotFound) << name;
  }
}

TEST(DigestTest, PortionsAndCopiesGiveTheSameAsTheWhole) {
  Result<Digest> first = Digest::create("sha256");
  ASSERT_TRUE(first.has_value());
  first->update(view("ab"));
  Digest second = first->copy();
  first->update(view("c"));
  second.update(view("d"));
  EXPECT_EQ(hex(first->finish()), digest("sha256", "abc"));
  EXPECT_EQ(hex(second.finish()), digest("sha256", "abd"));
}

// RFC 4231 (cases 1, 2 and 6: a key longer than the block) and RFC 2202.
TEST(HmacTest, KnowsTheExamplesOfTheStandards) {
  EXPECT_EQ(hmac("sha256", std::string(20, '\x0b'), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hmac("sha256", "Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac("sha256", std::string(131, '\xaa'),
                 "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(hmac("md5", "Jefe", "what do ya want for nothing?"),
            "750c783e6ab0b503eaa86e310a5db738");
  EXPECT_EQ(hmac("nothing", "", ""), Digest::create("nothing").error().describe());
}

TEST(HmacTest, AKeyLongerThanABlockIsHashedFirst) {
  const std::string block(64, 'k');
  const auto short_form = [](const std::string& key) {
    Result<Digest> running = Digest::create("sha256");
    running->update(view(key));
    const ByteVector bytes = running->finish();
    return std::string(bytes.begin(), bytes.end());
  };
  EXPECT_EQ(hmac("sha256", block + "k", "x"), hmac("sha256", short_form(block + "k"), "x"));
  EXPECT_NE(hmac("sha256", block, "x"), hmac("sha256", short_form(block), "x"));
}

TEST(HmacTest, FinishingStartsAnewUnderTheSameKey) {
  Result<Hmac> running = Hmac::create("sha1", view("key"));
  ASSERT_TRUE(running.has_value());
  running->update(view("one"));
  Hmac copied = running->copy();
  EXPECT_EQ(hex(running->finish()), hmac("sha1", "key", "one"));
  EXPECT_EQ(hex(copied.finish()), hmac("sha1", "key", "one"));
  running->update(view("two"));
  EXPECT_EQ(hex(running->finish()), hmac("sha1", "key", "two"));
}

std::string pbkdf2(const Pbkdf2::Options& options, std::uint32_t rounds) {
  Result<Pbkdf2> running = Pbkdf2::create(options);
  if (!running) return running.error().describe();
  for (int calls = 0; calls < 10'000; ++calls) {
    if (std::optional<ByteVector> key = running->work(rounds)) return hex(*key);
  }
  return "never ready";
}

// RFC 6070, and RFC 7914 section 11 for SHA-256.
TEST(Pbkdf2Test, KnowsTheExamplesOfTheStandards) {
  Pbkdf2::Options options = {.digest = "sha1",
                             .password = view("password"),
                             .salt = view("salt"),
                             .iterations = 4096,
                             .size = 20};
  EXPECT_EQ(pbkdf2(options, 1'000'000), "4b007901b765489abead49d926f721d065a429c1");
  options.iterations = 1;
  EXPECT_EQ(pbkdf2(options, 1), "0c60c80f961f0e71f3a9b524af6012062fe037a6");
  options = {.digest = "sha256",
             .password = view("passwd"),
             .salt = view("salt"),
             .iterations = 1,
             .size = 64};
  EXPECT_EQ(pbkdf2(options, 100),
            "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
            "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783");
}

TEST(Pbkdf2Test, PortionsOfAnySizeGiveTheSameKey) {
  const Pbkdf2::Options options = {.digest = "sha1",
                                   .password = view("passwordPASSWORDpassword"),
                                   .salt = view("saltSALTsaltSALTsaltSALTsaltSALTsalt"),
                                   .iterations = 100,
                                   .size = 47};
  const std::string whole = pbkdf2(options, 1'000'000);
  EXPECT_EQ(whole.size(), 94U);
  for (const std::uint32_t rounds : {1U, 7U, 99U, 100U, 101U, 300U})
    EXPECT_EQ(pbkdf2(options, rounds), whole) << rounds;
}

TEST(Pbkdf2Test, EmptyKeysAreEmptyAndNoIterationsAreAnError) {
  Pbkdf2::Options options = {.digest = "sha1", .password = {}, .salt = {}, .iterations = 1};
  EXPECT_EQ(pbkdf2(options, 1), "");
  options.iterations = 0;
  EXPECT_EQ(Pbkdf2::create(options).error().code, Code::kInvalidArgument);
  options.digest = "none";
  options.iterations = 1;
  EXPECT_EQ(Pbkdf2::create(options).error().code, Code::kNotFound);
}

// RFC 7914, section 12.
TEST(ScryptTest, KnowsTheExamplesOfTheStandard) {
  ScryptOptions options = {.password = {},
                           .salt = {},
                           .cost = 16,
                           .block_size = 1,
                           .lanes = 1,
                           .size = 64,
                           .memory_max = 1 << 20};
  EXPECT_EQ(hex(scrypt(options).value()),
            "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
            "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906");
  options = {.password = view("password"),
             .salt = view("NaCl"),
             .cost = 1024,
             .block_size = 8,
             .lanes = 16,
             .size = 64,
             .memory_max = std::size_t{2} << 20};
  EXPECT_EQ(hex(scrypt(options).value()),
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
            "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640");
}

TEST(ScryptTest, WhatCostsTooMuchIsRefused) {
  const ScryptOptions good = {.password = {},
                              .salt = {},
                              .cost = 16,
                              .block_size = 1,
                              .lanes = 1,
                              .size = 8,
                              .memory_max = 1 << 20};
  ASSERT_TRUE(scrypt(good).has_value());
  const auto refused = [&](auto change) {
    ScryptOptions options = good;
    change(options);
    const Result<ByteVector> key = scrypt(options);
    return key ? "accepted" : key.error().message;
  };
  EXPECT_EQ(refused([](auto& o) { o.cost = 0; }), "the cost is not a power of two");
  EXPECT_EQ(refused([](auto& o) { o.cost = 1; }), "the cost is not a power of two");
  EXPECT_EQ(refused([](auto& o) { o.cost = 100; }), "the cost is not a power of two");
  // 128 bytes for each of cost, lanes and two more.
  EXPECT_EQ(refused([](auto& o) { o.memory_max = 128 * 19 - 1; }), "memory limit exceeded");
  EXPECT_EQ(refused([](auto& o) { o.memory_max = 128 * 19; }), "accepted");
  const std::string work =
      "more work than fits in a turn (cost times block size times lanes may be 4194304, and "
      "without "
      "the cost 262144)";
  EXPECT_EQ(refused([](auto& o) { o.cost = std::uint64_t{1} << 40; }), work);
  EXPECT_EQ(refused([](auto& o) { o.block_size = ~std::uint64_t{0}; }), work);
  EXPECT_EQ(refused([](auto& o) { o.lanes = std::uint64_t{1} << 52; }), work);
  EXPECT_EQ(refused([](auto& o) { o.lanes = 0; }), work);
  EXPECT_EQ(refused([](auto& o) { o.cost = 2, o.lanes = 262145; }), work);
  EXPECT_EQ(refused([](auto& o) { o.cost = 131072, o.lanes = 131072; }), work);
}

}  // namespace
}  // namespace isopod::node
