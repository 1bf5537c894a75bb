// SPDX-License-Identifier: MIT
#include "base/json_strict.h"

#include <algorithm>
#include <limits>
#include <string>
#include <unordered_map>
#include <utility>

namespace isopod {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

constexpr std::size_t kNoOffset = std::numeric_limits<std::size_t>::max();

/// Builds the tree from parser events, innermost container first. Members wait in a plain list
/// until their object ends: the ordered object itself would search for an equal key at each
/// insertion and copy (not move) its members at each growth, both of which hostile text could make
/// quadratic.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  Builder(JsonLimits limits, RepeatedKeys repeated) : limits_(limits), repeated_(repeated) {}

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override { return open(Kind::kObject); }
  bool key(string_t& name) override {
    open_.back().key = std::move(name);
    ++keys_seen_;
    return true;
  }
  bool end_object() override {
    if (!has_unique_keys() && !merge_repeated_keys()) return false;
    Container closed = std::move(open_.back());
    open_.pop_back();
    Json object = Json::object();
    auto& members = static_cast<Json::object_t::Container&>(object.get_ref<Json::object_t&>());
    members.reserve(closed.members.size());
    for (auto& [name, value] : closed.members) {
      members.emplace_back(std::move(name), std::move(value));
    }
    return add(std::move(object));
  }
  bool start_array(std::size_t) override { return open(Kind::kArray); }
  bool end_array() override {
    Json array(std::move(open_.back().items));
    open_.pop_back();
    return add(std::move(array));
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    constexpr int kNumberOutOfRange = 406;
    offset_ = position > 0 ? position - 1 : 0;
    problem_ = error.id == kNumberOutOfRange ? "a number is out of range" : "not valid JSON";
    return false;
  }

  Json take() { return std::move(root_); }
  [[nodiscard]] const std::string& problem() const { return problem_; }
  /// Where a syntax error is, or `kNoOffset`.
  [[nodiscard]] std::size_t offset() const { return offset_; }
  /// Which key of the text, counted from 0, repeats an earlier one, or `kNoOffset`.
  [[nodiscard]] std::size_t repeated_key() const { return repeated_key_; }

 private:
  enum class Kind { kArray, kObject };

  /// An array collects `items`, an object `members`.
  struct Container {
    std::vector<Json> items;
    std::vector<std::pair<std::string, Json>> members;
    std::string key;
    std::size_t keys_before = 0;
    Kind kind = Kind::kArray;
  };

  bool add(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back().kind == Kind::kObject) {
      open_.back().members.emplace_back(std::move(open_.back().key), std::move(value));
    } else {
      open_.back().items.push_back(std::move(value));
    }
    return true;
  }

  bool open(Kind kind) {
    if (open_.size() >= limits_.depth_max) {
      problem_ = "JSON nests deeper than " + std::to_string(limits_.depth_max) + " levels";
      return false;
    }
    open_.emplace_back();
    open_.back().keys_before = keys_seen_;
    open_.back().kind = kind;
    return true;
  }

  bool has_unique_keys() {
    const auto& members = open_.back().members;
    std::vector<std::string_view> names;
    names.reserve(members.size());
    for (const auto& member : members) names.push_back(member.first);
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice == names.end()) return true;
    repeated_name_ = *twice;
    return false;
  }

  /// False when repeated keys are refused; says so then.
  bool merge_repeated_keys() {
    if (repeated_ == RepeatedKeys::kRefuse) {
      constexpr std::size_t kShownBytesMax = 100;
      problem_ =
          "the key \"" + repeated_name_.substr(0, kShownBytesMax) + "\" occurs twice in one object";
      repeated_key_ = second_occurrence(repeated_name_);
      return false;
    }
    auto& members = open_.back().members;
    std::unordered_map<std::string, std::size_t> places;
    std::size_t kept = 0;
    for (auto& member : members) {
      const auto [place, is_new] = places.try_emplace(member.first, kept);
      if (!is_new) {
        members[place->second].second = std::move(member.second);
      } else {
        if (&members[kept] != &member) members[kept] = std::move(member);
        ++kept;
      }
    }
    members.resize(kept);
    return true;
  }

  [[nodiscard]] std::size_t second_occurrence(std::string_view name) const {
    std::size_t ordinal = open_.back().keys_before;
    bool seen = false;
    for (const auto& member : open_.back().members) {
      if (member.first == name && seen) return ordinal;
      seen = seen || member.first == name;
      ordinal += 1 + count_json_keys(member.second);
    }
    return kNoOffset;
  }

  JsonLimits limits_;
  RepeatedKeys repeated_;
  std::string repeated_name_;
  Json root_;
  std::vector<Container> open_;
  std::size_t keys_seen_ = 0;
  std::size_t repeated_key_ = kNoOffset;
  std::string problem_ = "not valid JSON";
  std::size_t offset_ = kNoOffset;
};

Error located(std::string problem, std::string_view text, std::size_t offset) {
  Error error{Code::kInvalidArgument, std::move(problem), {}, {}};
  if (offset == kNoOffset) return error;
  const TextPosition position = position_of(text, offset);
  error.where.line = position.line;
  error.where.column = position.column;
  error.message +=
      " at line " + std::to_string(position.line) + ", column " + std::to_string(position.column);
  return error;
}

/// The end (one past the closing quote) of the string that starts at `at`, in well-formed text.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return std::min(at + 1, text.size());
}

}  // namespace

Result<Json> parse_json_strict(std::string_view text, JsonLimits limits) {
  if (text.starts_with(kByteOrderMark)) {
    return fail(located("the text starts with a byte order mark", text, 0));
  }
  return read_json(text, limits, RepeatedKeys::kRefuse);
}

Result<Json> read_json(std::string_view text, JsonLimits limits, RepeatedKeys repeated) {
  Builder builder(limits, repeated);
  if (!Json::sax_parse(text.begin(), text.end(), &builder)) {
    std::size_t offset = builder.offset();
    if (builder.repeated_key() != kNoOffset)
      offset = json_key_offsets(text)[builder.repeated_key()];
    return fail(located(builder.problem(), text, offset));
  }
  return builder.take();
}

std::size_t count_json_keys(const Json& value) {
  std::size_t count = value.is_object() ? value.size() : 0;
  if (value.is_structured()) {
    for (const Json& child : value) count += count_json_keys(child);
  }
  return count;
}

std::vector<std::size_t> json_key_offsets(std::string_view text) {
  std::vector<std::size_t> offsets;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '"') continue;
    const std::size_t start = at;
    const std::size_t end = end_of_string(text, at);
    const std::size_t next = text.find_first_not_of(" \t\r\n", end);
    if (next != std::string_view::npos && text[next] == ':') offsets.push_back(start);
    at = end - 1;
  }
  return offsets;
}

TextPosition position_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start = before.rfind('\n');
  const std::size_t column =
      line_start == std::string_view::npos ? before.size() : before.size() - line_start - 1;
  return {static_cast<int>(lines) + 1, static_cast<int>(column) + 1};
}

}  // namespace isopod
