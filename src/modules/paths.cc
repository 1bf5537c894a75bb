// SPDX-License-Identifier: MIT
#include "modules/paths.h"

#include <cctype>
#include <vector>

namespace isopod::modules {
namespace {

constexpr std::string_view kFileScheme = "file://";
constexpr std::string_view kHexDigits = "0123456789ABCDEF";

int hex_value(char digit) {
  const char upper = static_cast<char>(std::toupper(static_cast<unsigned char>(digit)));
  const std::size_t index = kHexDigits.find(upper);
  return index == std::string_view::npos ? -1 : static_cast<int>(index);
}

}  // namespace

std::string join_path(std::string_view base, std::string_view path) {
  std::string whole(path.starts_with('/') ? std::string_view() : base);
  whole += '/';
  whole += path;
  std::vector<std::string_view> parts;
  for (std::string_view rest = whole; !rest.empty();) {
    const std::size_t slash = rest.find('/');
    const std::string_view part = rest.substr(0, slash);
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(part);
    } else if (!parts.empty()) {
      parts.pop_back();
    }
  }
  std::string joined;
  for (const std::string_view part : parts) (joined += '/') += part;
  return joined.empty() ? "/" : joined;
}

std::string directory_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return "/";
  return std::string(path.substr(0, slash));
}

std::string_view extension_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? std::string_view() : name.substr(dot);
}

std::string file_url(std::string_view path) {
  constexpr std::string_view kPlain = "-._~!$&'()*+,;=:@/";
  std::string url(kFileScheme);
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || kPlain.find(c) != std::string_view::npos) {
      url += c;
    } else {
      (url += '%') += kHexDigits[byte >> 4];
      url += kHexDigits[byte & 15];
    }
  }
  return url;
}

std::string path_of_file_url(std::string_view url) {
  if (!url.starts_with(kFileScheme)) return {};
  std::string_view encoded = url.substr(kFileScheme.size());
  encoded = encoded.substr(0, encoded.find_first_of("?#"));
  if (!encoded.starts_with('/')) return {};
  std::string path;
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    if (encoded[i] != '%') {
      path += encoded[i];
      continue;
    }
    if (i + 2 >= encoded.size()) return {};
    const int high = hex_value(encoded[i + 1]);
    const int low = hex_value(encoded[i + 2]);
    if (high < 0 || low < 0) return {};
    path += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return path;
}

}  // namespace isopod::modules
