// SPDX-License-Identifier: MIT
#include "base/text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace isopod {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

/// Longer names are never looked up: the cost of an edit distance is the product of both lengths.
constexpr std::size_t kNameBytesMax = 128;

/// One decoding step: a well-formed character, or the longest ill-formed part to replace as one.
struct Step {
  std::size_t bytes = 1;
  bool well_formed = false;
  std::uint32_t character = 0;
};

/// What may follow a lead byte. The first continuation byte has a narrower range after some leads;
/// that range is what rules out overlong forms, surrogates and everything above U+10FFFF.
struct Lead {
  std::size_t continuation_bytes = 0;
  unsigned char low = 0x80;
  unsigned char high = 0xbf;
};

Lead lead_of(unsigned char byte) {
  if (byte >= 0xc2 && byte <= 0xdf) return {1, 0x80, 0xbf};
  if (byte == 0xe0) return {2, 0xa0, 0xbf};
  if (byte == 0xed) return {2, 0x80, 0x9f};
  if (byte >= 0xe1 && byte <= 0xef) return {2, 0x80, 0xbf};
  if (byte == 0xf0) return {3, 0x90, 0xbf};
  if (byte >= 0xf1 && byte <= 0xf3) return {3, 0x80, 0xbf};
  if (byte == 0xf4) return {3, 0x80, 0x8f};
  return {0, 0, 0};
}

/// Decodes the first character of `bytes`, which is not empty.
Step decode(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes[0]);
  if (first < 0x80) return {1, true, first};
  const Lead lead = lead_of(first);
  if (lead.continuation_bytes == 0) return {1, false, 0};
  std::uint32_t character = first & (0x3fU >> lead.continuation_bytes);
  for (std::size_t i = 1; i <= lead.continuation_bytes; ++i) {
    const unsigned char low = i == 1 ? lead.low : 0x80;
    const unsigned char high = i == 1 ? lead.high : 0xbf;
    if (i >= bytes.size()) return {i, false, 0};
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (byte < low || byte > high) return {i, false, 0};
    character = (character << 6) | (byte & 0x3fU);
  }
  return {lead.continuation_bytes + 1, true, character};
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Edits that turn one name into the other, where exchanging two neighbours is one edit.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
      const bool exchanged = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                             lower(a[i - 2]) == lower(b[j - 1]);
      if (exchanged) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

/// The length of a colour sequence at the start of `text`, or 0.
std::size_t colour_sequence(std::string_view text) {
  if (!text.starts_with("\x1b[")) return 0;
  std::size_t at = 2;
  while (at < text.size() && ((text[at] >= '0' && text[at] <= '9') || text[at] == ';')) ++at;
  return at < text.size() && text[at] == 'm' ? at + 1 : 0;
}

bool is_control(std::uint32_t character) {
  if (character == '\n' || character == '\t') return false;
  return character < 0x20 || (character >= 0x7f && character <= 0x9f);
}

void append_escape(std::string& out, std::uint32_t character) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += "\\x";
  out += kDigits[character >> 4];
  out += kDigits[character & 0xf];
}

}  // namespace

bool is_utf8(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const Step step = decode(bytes.substr(at));
    if (!step.well_formed) return false;
    at += step.bytes;
  }
  return true;
}

std::string to_utf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    const Step step = decode(bytes.substr(at));
    out += step.well_formed ? bytes.substr(at, step.bytes) : kReplacement;
    at += step.bytes;
  }
  return out;
}

std::string_view nearest_name(std::string_view name, std::span<const std::string_view> names) {
  if (name.empty() || name.size() > kNameBytesMax) return {};
  std::string_view nearest;
  std::size_t fewest = kNameBytesMax + 1;
  for (const std::string_view candidate : names) {
    if (candidate.size() > kNameBytesMax) continue;
    const std::size_t distance = edit_distance(name, candidate);
    if (distance * 3 > std::max(name.size(), candidate.size()) || distance >= fewest) continue;
    fewest = distance;
    nearest = candidate;
  }
  return nearest;
}

std::string printable(std::string_view text, Sgr sgr) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    if (const std::size_t colour = colour_sequence(rest); colour > 0) {
      if (sgr == Sgr::kKeep) out += rest.substr(0, colour);
      at += colour;
      continue;
    }
    const Step step = decode(rest);
    if (!step.well_formed) {
      out += kReplacement;
    } else if (is_control(step.character)) {
      append_escape(out, step.character);
    } else {
      out += rest.substr(0, step.bytes);
    }
    at += step.bytes;
  }
  return out;
}

}  // namespace isopod
