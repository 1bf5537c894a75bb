// SPDX-License-Identifier: MIT
#include "registry/session_format.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <set>
#include <span>
#include <unordered_map>
#include <utility>

namespace isopod::registry {
namespace {

/// One line of the file; `value` is null where it could not be read.
struct Line {
  std::size_t number = 0;
  std::string_view text;
  Json value = nullptr;
};

std::string hexadecimal(std::span<const std::uint8_t> bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\v\f") == std::string_view::npos;
}

bool is_header(const Json& value) { return json_string(value, "type") == "session"; }

/// The lines that are not blank, each parsed as far as it goes.
std::vector<Line> split(std::string_view text, std::vector<SessionProblem>& problems) {
  std::vector<Line> lines;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (is_blank(line)) continue;
    Result<Json> value = parse_json(line);
    if (!value) {
      problems.push_back({number, "it is " + value.error().message});
      lines.push_back({number, line});
    } else if (!value->is_object()) {
      problems.push_back({number, "it is no JSON object"});
      lines.push_back({number, line});
    } else {
      lines.push_back({number, line, *std::move(value)});
    }
  }
  return lines;
}

int version_of(const Json& header) {
  const auto found = header.find("version");
  return found != header.end() && found->is_number_integer() ? found->get<int>() : 1;
}

/// Version 1 was a list: every entry gets an id and the one before it as its parent.
void give_ids(std::vector<Line>& lines, Random& random) {
  std::set<std::string> ids;
  std::vector<Json*> values;
  Json parent = nullptr;
  for (Line& line : lines) {
    if (line.value.is_null()) continue;
    values.push_back(&line.value);
    if (is_header(line.value)) continue;
    std::string id = random_entry_id(random);
    while (!ids.insert(id).second) id = random_entry_id(random);
    line.value["id"] = id;
    line.value["parentId"] = parent;
    parent = id;
  }
  // A compaction named the first entry it kept by its place among all, the header counted.
  for (Json* value : values) {
    const auto index = value->find("firstKeptEntryIndex");
    if (index == value->end()) continue;
    if (index->is_number_unsigned() && index->get<std::size_t>() < values.size()) {
      const Json& kept = *values[index->get<std::size_t>()];
      if (!is_header(kept)) (*value)["firstKeptEntryId"] = kept["id"];
    }
    value->erase("firstKeptEntryIndex");
  }
}

void rename_hook_messages(std::vector<Line>& lines) {
  for (Line& line : lines) {
    if (json_string(line.value, "type") != "message") continue;
    const auto message = line.value.find("message");
    if (message != line.value.end() && json_string(*message, "role") == "hookMessage") {
      (*message)["role"] = "custom";
    }
  }
}

void migrate(std::vector<Line>& lines, Json& header, Random& random) {
  if (version_of(header) < 2) give_ids(lines, random);
  rename_hook_messages(lines);
  header["version"] = kSessionVersion;
}

/// What keeps an object from being an entry; empty when nothing does.
std::string lack_of(const Json& value) {
  if (json_string(value, "type").empty()) return "it has no type";
  if (json_string(value, "id").empty()) return "it is no entry: it has no id";
  const auto parent = value.find("parentId");
  if (parent != value.end() && !parent->is_null() && !parent->is_string()) {
    return "its parentId is no id";
  }
  return {};
}

/// Reports what is odd about the tree. Nothing is left out for it: readers follow parents only as
/// far as they lead.
void check_tree(const std::vector<Json>& entries, const std::vector<std::size_t>& numbers,
                std::vector<SessionProblem>& problems) {
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::string id = json_string(entries[i], "id");
    if (!places.insert_or_assign(id, i).second) {
      problems.push_back({numbers[i], "the id " + id + " is used twice; the later entry has it"});
    }
  }
  // An entry is checked once: 0 not yet, 1 on the way up from an entry, 2 leads to a root.
  std::vector<std::uint8_t> state(entries.size(), 0);
  for (std::size_t start = 0; start < entries.size(); ++start) {
    std::vector<std::size_t> way;
    std::size_t at = start;
    while (state[at] == 0) {
      state[at] = 1;
      way.push_back(at);
      const std::string parent = json_string(entries[at], "parentId");
      const auto found = places.find(parent);
      if (parent.empty()) break;
      if (found == places.end()) {
        problems.push_back({numbers[at], "its parent " + parent + " does not exist"});
        break;
      }
      at = found->second;
      if (state[at] == 1) problems.push_back({numbers[at], "it is its own ancestor"});
    }
    for (const std::size_t place : way) state[place] = 2;
  }
}

}  // namespace

Result<SessionText> parse_session(std::string_view text, Random& random) {
  SessionText session;
  if (!text.empty() && !text.ends_with('\n')) session.end = SessionText::End::kCut;
  std::vector<Line> lines = split(text, session.problems);
  Json* header = nullptr;
  for (Line& line : lines) {
    if (header == nullptr && !line.value.is_null()) header = &line.value;
  }
  if (header == nullptr && lines.empty()) return session;
  if (header == nullptr || !is_header(*header) || json_string(*header, "id").empty()) {
    return fail(Code::kInvalidArgument, "it is no session file: it does not start with a header");
  }
  const int version = version_of(*header);
  if (version < kSessionVersion) migrate(lines, *header, random);
  if (version > kSessionVersion) {
    session.problems.push_back({0, "it is of the newer version " + std::to_string(version)});
  }
  std::vector<std::size_t> numbers;
  for (const Line& line : lines) {
    if (version < kSessionVersion) {
      session.migrated +=
          line.value.is_null() ? std::string(line.text) + "\n" : session_line(line.value);
    }
    if (line.value.is_null() || &line.value == header) continue;
    std::string lack = is_header(line.value) ? "it is a second header" : lack_of(line.value);
    if (!lack.empty()) {
      session.problems.push_back({line.number, std::move(lack)});
      continue;
    }
    session.entries.push_back(line.value);
    numbers.push_back(line.number);
  }
  session.header = *header;
  check_tree(session.entries, numbers, session.problems);
  return session;
}

std::string session_line(const Json& value) { return dump_json(value) + "\n"; }

std::string session_time(WallTime time) {
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
  const auto seconds = std::chrono::system_clock::to_time_t(time);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(seconds), milliseconds % 1000);
}

std::string random_entry_id(Random& random) {
  std::array<std::uint8_t, 4> bytes = {};
  random.fill(bytes);
  return hexadecimal(bytes);
}

std::string new_session_id(WallTime time, Random& random) {
  std::array<std::uint8_t, 16> bytes = {};
  random.fill(bytes);
  auto milliseconds = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count());
  for (int i = 5; i >= 0; --i, milliseconds >>= 8) {
    bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(milliseconds);
  }
  bytes[6] = static_cast<std::uint8_t>(0x70 | (bytes[6] & 0x0F));
  bytes[8] = static_cast<std::uint8_t>(0x80 | (bytes[8] & 0x3F));
  std::string text = hexadecimal(bytes);
  for (const std::size_t at : {20, 16, 12, 8}) text.insert(at, "-");
  return text;
}

}  // namespace isopod::registry
