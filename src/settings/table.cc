// SPDX-License-Identifier: MIT
#include "settings/table.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/check.h"
#include "base/text.h"

namespace isopod::settings {
namespace {

using Words = std::span<const std::string_view>;
using enum ProjectRule;

constexpr std::array<std::string_view, 3> kProfiles = {"safe", "balanced", "permissive"};
constexpr std::array<std::string_view, 2> kPlacements = {"process", "thread"};
constexpr std::array<std::string_view, 2> kLoads = {"eager", "lazy"};
constexpr std::array<std::string_view, 4> kLevels = {"error", "warn", "info", "debug"};

struct Range {
  std::int64_t min;
  std::int64_t max;
};

constexpr Setting paths(Key key, std::string_view name, std::string_view help) {
  return {.key = key, .name = name, .type = Type::kPaths, .help = help};
}

constexpr Setting word(Key key, std::string_view name, Words words, std::string_view fallback,
                       ProjectRule project, std::string_view help) {
  return {.key = key,
          .name = name,
          .type = Type::kWord,
          .word = fallback,
          .words = words,
          .project = project,
          .help = help};
}

constexpr Setting flag(Key key, std::string_view name, PerExtension per_extension,
                       std::string_view help) {
  return {.key = key,
          .name = name,
          .type = Type::kBoolean,
          .project = kOnlyTrue,
          .per_extension = per_extension,
          .help = help};
}

constexpr Setting number(Key key, std::string_view name, std::int64_t fallback, Range range,
                         ProjectRule project, std::string_view help) {
  return {.key = key,
          .name = name,
          .type = Type::kInteger,
          .number = fallback,
          .min = range.min,
          .max = range.max,
          .project = project,
          .help = help};
}

/// A limit of an isolate: a project may lower it, an extension may have its own.
constexpr Setting limit(Key key, std::string_view name, std::int64_t fallback, Range range,
                        std::string_view help) {
  Setting setting = number(key, name, fallback, range, kSmaller, help);
  setting.per_extension = PerExtension::kYes;
  return setting;
}

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kMillion = 1'000'000;
constexpr Range kMilliseconds = {1, kHourMs};
constexpr Range kSizesKb = {1, 1'048'576};

// clang-format off
constexpr std::array kTable = {
    paths(Key::kPaths, "ext.paths", "extensions to load: files, packages, or directories that hold some"),
    word(Key::kPolicy, "ext.policy", kProfiles, "balanced", kEarlierWord, "what extensions may do without a grant"),
    word(Key::kPlacement, "ext.placement", kPlacements, "thread", kEarlierWord, "where isolates live (this version has thread only)"),
    word(Key::kLoad, "ext.load", kLoads, "eager", kIgnored, "load extensions at start, or at their first use"),
    flag(Key::kCompat, "ext.compat", PerExtension::kYes, "send every hostcall over the compat lane; false lifts no force"),
    limit(Key::kHeapMb, "ext.limits.heap_mb", 256, {8, 16'384}, "JavaScript heap of an isolate, in MiB"),
    limit(Key::kStackKb, "ext.limits.stack_kb", 1024, {64, 65'536}, "stack of an isolate, in KiB"),
    limit(Key::kTurnMs, "ext.limits.turn_ms", 5000, kMilliseconds, "JavaScript running without returning to its loop"),
    limit(Key::kSettleMs, "ext.limits.settle_ms", 30'000, kMilliseconds, "a tool or command call that has not settled"),
    limit(Key::kEventSettleMs, "ext.limits.event_settle_ms", 5000, kMilliseconds, "an event handler that has not settled"),
    limit(Key::kLoadMs, "ext.limits.load_ms", 10'000, kMilliseconds, "loading an extension"),
    limit(Key::kPending, "ext.limits.pending", 4096, {1, kMillion}, "hostcalls of an isolate in flight at once"),
    limit(Key::kTimers, "ext.limits.timers", 1024, {0, kMillion}, "timers of an isolate at once"),
    limit(Key::kPayloadKb, "ext.limits.payload_kb", 16'384, kSizesKb, "one message to or from an isolate, in KiB"),
    limit(Key::kOutputKb, "ext.limits.output_kb", 16'384, kSizesKb, "captured output of a child process, in KiB"),
    limit(Key::kChildren, "ext.limits.children", 32, {0, 4096}, "child processes of an extension at once"),
    number(Key::kShards, "ext.reactor.shards", 1, {1, 64}, kIgnored, "host threads that serve isolates"),
    number(Key::kInFlight, "ext.reactor.in_flight", 4096, {1, kMillion}, kSmaller, "hostcalls in flight on a lane"),
    number(Key::kDrainMs, "ext.reactor.drain_ms", 5000, {0, kHourMs}, kSmaller, "how long a stopping host waits for calls in flight"),
    number(Key::kShadowPpm, "ext.lane.shadow_ppm", 1000, {0, kMillion}, kIgnored, "fast calls per million that are compared with the compat lane"),
    number(Key::kPoolSize, "ext.pool.size", 0, {0, 256}, kIgnored, "isolates kept ready; 0 makes them on demand"),
    number(Key::kRestartMax, "ext.restart.max", 3, {0, 100}, kSmaller, "restarts of a faulted extension"),
    flag(Key::kSandboxRequire, "ext.sandbox.require", PerExtension::kNo, "refuse to run where the system cannot sandbox"),
    flag(Key::kExecSandbox, "ext.exec.sandbox", PerExtension::kNo, "sandbox the child processes of extensions too"),
    word(Key::kLogLevel, "log.level", kLevels, "warn", kIgnored, "the least severe messages to log"),
};
// clang-format on

constexpr bool is_consistent() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (static_cast<std::size_t>(kTable[i].key) != i) return false;
    if (kTable[i].min < 0) return false;
    if (kTable[i].number < kTable[i].min || kTable[i].number > kTable[i].max) return false;
  }
  return static_cast<std::size_t>(Key::kLogLevel) + 1 == kTable.size();
}
static_assert(is_consistent(),
              "kTable lists the keys in order, no range is negative, each default is in its range");

constexpr std::string_view kCommonPrefix = "ext.";

std::string_view suffix_of(const Setting& entry) { return entry.name.substr(kCommonPrefix.size()); }

/// The nearest name of a per-extension setting: the longest id after which something resembles one.
std::string nearest_per_extension(std::string_view name) {
  std::vector<std::string_view> suffixes;
  for (const Setting& entry : kTable) {
    if (entry.per_extension == PerExtension::kYes) suffixes.push_back(suffix_of(entry));
  }
  std::size_t dot = name.find('.', kExtensionPrefix.size() + 1);
  for (; dot != std::string_view::npos; dot = name.find('.', dot + 1)) {
    const std::string_view found = nearest_name(name.substr(dot + 1), suffixes);
    if (!found.empty()) return std::string(name.substr(0, dot + 1)) + std::string(found);
  }
  return {};
}

}  // namespace

std::span<const Setting> table() { return kTable; }

const Setting& setting(Key key) {
  const auto index = static_cast<std::size_t>(key);
  ISOPOD_CHECK(index < kTable.size(), "a Key is one of the enumeration");
  return kTable[index];
}

const Setting* find_per_extension(std::string_view suffix) {
  for (const Setting& entry : kTable) {
    if (entry.per_extension == PerExtension::kYes && suffix_of(entry) == suffix) return &entry;
  }
  return nullptr;
}

std::optional<Reference> find(std::string_view name) {
  for (const Setting& entry : kTable) {
    if (entry.name == name) return Reference{&entry, {}};
  }
  if (!name.starts_with(kExtensionPrefix)) return std::nullopt;
  const std::string_view rest = name.substr(kExtensionPrefix.size());
  for (const Setting& entry : kTable) {
    if (entry.per_extension == PerExtension::kNo) continue;
    const std::string_view suffix = suffix_of(entry);
    if (rest.size() <= suffix.size() + 1 || !rest.ends_with(suffix)) continue;
    const std::size_t dot = rest.size() - suffix.size() - 1;
    if (rest[dot] == '.') return Reference{&entry, std::string(rest.substr(0, dot))};
  }
  return std::nullopt;
}

std::string name_of(const Reference& reference) {
  if (reference.extension.empty()) return std::string(reference.setting->name);
  return std::string(kExtensionPrefix) + reference.extension + "." +
         std::string(suffix_of(*reference.setting));
}

std::string environment_name(const Setting& entry) {
  std::string name = "ISOPOD_";
  for (const char c : entry.name) {
    if (c == '.') {
      name += '_';
    } else {
      name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  return name;
}

std::string nearest(std::string_view name) {
  if (name.starts_with(kExtensionPrefix)) return nearest_per_extension(name);
  std::vector<std::string_view> names;
  for (const Setting& entry : kTable) names.push_back(entry.name);
  return std::string(nearest_name(name, names));
}

bool is_section(std::string_view name) {
  const std::string prefix = std::string(name) + ".";
  if (prefix.starts_with(kExtensionPrefix)) return true;
  return std::any_of(kTable.begin(), kTable.end(),
                     [&prefix](const Setting& entry) { return entry.name.starts_with(prefix); });
}

}  // namespace isopod::settings
