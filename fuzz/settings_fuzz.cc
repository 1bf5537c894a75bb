// SPDX-License-Identifier: MIT
// A settings file of a repository nobody has read. It is understood or refused with a place, never
// more, and what it says is safe to show.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/text.h"
#include "settings/file.h"

namespace {

namespace settings = isopod::settings;

void check_shown(const std::string& sentence) {
  ISOPOD_CHECK(isopod::printable(sentence, isopod::Sgr::kDrop) == sentence,
               "sentences for people are safe for a terminal");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto content = settings::parse_settings(text, "settings.json");
  if (!content) {
    ISOPOD_CHECK(content.error().code == isopod::Code::kBadSettings, "a file is usable or broken");
    check_shown(content.error().message);
    return 0;
  }
  for (const std::string& warning : content->warnings) check_shown(warning);
  for (const settings::Entry& entry : content->entries) {
    const auto again =
        settings::value_from_json(*entry.reference.setting, settings::to_json(entry.value));
    ISOPOD_CHECK(again && *again == entry.value, "a value that was read can be read again");
  }
  return 0;
}
