// SPDX-License-Identifier: MIT
#pragma once

#include <rapidcheck.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/text.h"

/// Generators of plain data for property tests.
namespace isopod::test {

/// Well-formed UTF-8 that likes to contain what formats must escape.
inline rc::Gen<std::string> utf8_text() {
  const auto piece = rc::gen::weightedOneOf<std::string>(
      {{6, rc::gen::map(rc::gen::string<std::string>(), [](std::string s) { return to_utf8(s); })},
       {3, rc::gen::element<std::string>("\"", "\\", "\n", std::string(1, '\0'), "\x1b[31m",
                                         "\xc3\xa9", "\xe2\x80\xa8", "\xf0\x9f\x90\x9a", "/",
                                         "__proto__", "a", "")}});
  return rc::gen::map(rc::gen::resize(3, rc::gen::container<std::vector<std::string>>(piece)),
                      [](const std::vector<std::string>& pieces) {
                        std::string text;
                        for (const std::string& part : pieces) text += part;
                        return text;
                      });
}

inline rc::Gen<Json> json_scalar() {
  return rc::gen::oneOf(
      rc::gen::just(Json(nullptr)),
      rc::gen::map(rc::gen::arbitrary<bool>(), [](bool value) { return Json(value); }),
      rc::gen::map(rc::gen::arbitrary<std::uint64_t>(),
                   [](std::uint64_t value) { return Json(value); }),
      // Whole numbers that fit are unsigned after a trip through text.
      rc::gen::map(rc::gen::negative<std::int64_t>(),
                   [](std::int64_t value) { return Json(value); }),
      rc::gen::map(rc::gen::arbitrary<double>(),
                   [](double value) { return Json(std::isfinite(value) ? value : 0.5); }),
      rc::gen::map(utf8_text(), [](std::string value) { return Json(std::move(value)); }));
}

/// Plain data up to `depth` containers deep.
inline rc::Gen<Json> json_value(int depth = 3) {
  if (depth == 0) return json_scalar();
  const auto list =
      rc::gen::resize(4, rc::gen::container<std::vector<Json>>(json_value(depth - 1)));
  const auto members =
      rc::gen::resize(4, rc::gen::container<std::vector<std::pair<std::string, Json>>>(
                             rc::gen::pair(utf8_text(), json_value(depth - 1))));
  return rc::gen::oneOf(
      json_scalar(),
      rc::gen::map(list, [](std::vector<Json> items) { return Json(std::move(items)); }),
      rc::gen::map(members, [](const std::vector<std::pair<std::string, Json>>& entries) {
        Json object = Json::object();
        for (const auto& [key, value] : entries) object[key] = value;
        return object;
      }));
}

}  // namespace isopod::test
