// SPDX-License-Identifier: MIT
// Text of an isolate meets the decoder of the compat lane. What decodes is written and read again:
// the second text equals the first that was written, so that nothing is lost or made up on the way.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "protocol/compat_codec.h"

namespace {

namespace compat = isopod::protocol::compat;

template <class Decode>
void round_trip(std::string_view text, Decode decode) {
  const auto message = decode(text);
  if (!message) {
    ISOPOD_CHECK(message.error().code == isopod::Code::kInvalidArgument,
                 "text is only ever invalid");
    return;
  }
  const std::string written = compat::encode(*message);
  const auto again = decode(written);
  ISOPOD_CHECK(again.has_value(), "what is written can be read");
  ISOPOD_CHECK(compat::encode(*again) == written, "a round trip changes nothing");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  round_trip(text, compat::decode_to_host);
  round_trip(text, compat::decode_to_isolate);
  return 0;
}
