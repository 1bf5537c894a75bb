// SPDX-License-Identifier: MIT
#include "host/options_from_settings.h"

namespace isopod::host {

using settings::Key;

ExtensionLimits limits_from(const settings::Settings& settings, std::string_view extension) {
  const auto bytes = [&](Key key, int shift) {
    return static_cast<std::size_t>(settings.integer(key, extension)) << shift;
  };
  const auto time = [&](Key key) {
    return std::chrono::milliseconds(settings.integer(key, extension));
  };
  return {.heap_bytes = bytes(Key::kHeapMb, 20),
          .stack_bytes = bytes(Key::kStackKb, 10),
          .turn = time(Key::kTurnMs),
          .settle = time(Key::kSettleMs),
          .event_settle = time(Key::kEventSettleMs),
          .load = time(Key::kLoadMs),
          .pending_calls = bytes(Key::kPending, 0),
          .timers = bytes(Key::kTimers, 0),
          .payload_bytes = bytes(Key::kPayloadKb, 10)};
}

void apply_settings(const settings::Settings& settings, HostOptions& options) {
  options.profile = settings.word(Key::kPolicy);
  options.limits = limits_from(settings, {});
  options.limits_of = [&settings](std::string_view extension) {
    return limits_from(settings, extension);
  };
  options.drain = std::chrono::milliseconds(settings.integer(Key::kDrainMs));
}

}  // namespace isopod::host
