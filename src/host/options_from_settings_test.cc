// SPDX-License-Identifier: MIT
#include "host/options_from_settings.h"

#include <gtest/gtest.h>

#include <string>

#include "settings/load.h"

namespace isopod::host {
namespace {

using std::chrono::milliseconds;

settings::Settings settings_with(std::vector<settings::Flag> flags) {
  auto loaded = settings::load({.flags = std::move(flags)});
  EXPECT_TRUE(loaded.has_value()) << loaded.error().message;
  return loaded.value();
}

TEST(OptionsFromSettingsTest, DefaultsOfSettingsAreTheDefaultsOfOptions) {
  const ExtensionLimits limits = limits_from(settings::Settings(), {});
  const ExtensionLimits defaults;
  EXPECT_EQ(limits.heap_bytes, defaults.heap_bytes);
  EXPECT_EQ(limits.stack_bytes, defaults.stack_bytes);
  EXPECT_EQ(limits.turn, defaults.turn);
  EXPECT_EQ(limits.settle, defaults.settle);
  EXPECT_EQ(limits.event_settle, defaults.event_settle);
  EXPECT_EQ(limits.load, defaults.load);
  EXPECT_EQ(limits.pending_calls, defaults.pending_calls);
  EXPECT_EQ(limits.timers, defaults.timers);
  EXPECT_EQ(limits.payload_bytes, defaults.payload_bytes);
}

TEST(OptionsFromSettingsTest, EachSettingFillsItsOwnLimit) {
  const ExtensionLimits limits =
      limits_from(settings_with({{"ext.limits.heap_mb", "64", "-"},
                                 {"ext.limits.stack_kb", "512", "-"},
                                 {"ext.limits.turn_ms", "1001", "-"},
                                 {"ext.limits.settle_ms", "1002", "-"},
                                 {"ext.limits.event_settle_ms", "1003", "-"},
                                 {"ext.limits.load_ms", "1004", "-"},
                                 {"ext.limits.pending", "1005", "-"},
                                 {"ext.limits.timers", "1006", "-"},
                                 {"ext.limits.payload_kb", "1007", "-"}}),
                  {});
  EXPECT_EQ(limits.heap_bytes, std::size_t{64} << 20);
  EXPECT_EQ(limits.stack_bytes, std::size_t{512} << 10);
  EXPECT_EQ(limits.turn, milliseconds(1001));
  EXPECT_EQ(limits.settle, milliseconds(1002));
  EXPECT_EQ(limits.event_settle, milliseconds(1003));
  EXPECT_EQ(limits.load, milliseconds(1004));
  EXPECT_EQ(limits.pending_calls, 1005U);
  EXPECT_EQ(limits.timers, 1006U);
  EXPECT_EQ(limits.payload_bytes, std::size_t{1007} << 10);
}

TEST(OptionsFromSettingsTest, OneExtensionMayHaveItsOwn) {
  const settings::Settings settings = settings_with(
      {{"ext.limits.turn_ms", "3000", "-"}, {"ext.extensions.small.limits.turn_ms", "500", "-"}});
  HostOptions options;
  apply_settings(settings, options);
  EXPECT_EQ(options.limits.turn, milliseconds(3000));
  EXPECT_EQ(options.limits_of("small").turn, milliseconds(500));
  EXPECT_EQ(options.limits_of("other").turn, milliseconds(3000));
}

TEST(OptionsFromSettingsTest, ProfileAndDrainAreTaken) {
  const settings::Settings settings =
      settings_with({{"ext.policy", "safe", "-"}, {"ext.reactor.drain_ms", "1234", "-"}});
  HostOptions options;
  apply_settings(settings, options);
  EXPECT_EQ(options.profile, "safe");
  EXPECT_EQ(options.drain, milliseconds(1234));
}

}  // namespace
}  // namespace isopod::host
