// SPDX-License-Identifier: MIT
#include "modules/view_source.h"

#include <algorithm>
#include <cctype>

#include "base/json.h"

namespace isopod::modules {
namespace {

/// A JavaScript string literal. JSON text is one.
std::string literal(std::string_view text) { return dump_json(Json(text)); }

bool is_identifier(std::string_view name) {
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) != 0) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return std::isalnum(byte) != 0 || c == '_' || c == '$' || byte >= 0x80;
  });
}

/// `let $0 = <value>; export { $0 as name };` The indirection lets reserved words be names.
template <class ValueOf>
std::string exports_of(const std::set<std::string>& names, ValueOf value_of) {
  std::string code;
  int index = 0;
  for (const std::string& name : names) {
    if (!is_identifier(name)) continue;
    const std::string local = "$" + std::to_string(index++);
    code +=
        "let " + local + " = " + value_of(name) + "; export { " + local + " as " + name + " };\n";
  }
  return code;
}

/// `export *` leaves the default export out, so it is passed on by name.
std::string pass_everything_on(std::string_view target, const std::set<std::string>& replaced) {
  std::string code = "export * from " + literal(target) + ";\n";
  if (!replaced.contains("default")) code += "import * as $all from " + literal(target) + "; ";
  if (!replaced.contains("default"))
    code += "let $default = $all.default; export { $default as default };\n";
  return code;
}

}  // namespace

std::string import_statement(const std::set<std::string>& names, std::string_view specifier) {
  std::string code = "import { ";
  for (const std::string& name : names) code += name + ", ";
  return code + "} from " + literal(specifier) + ";";
}

std::string view_of_module(std::string_view target, const std::set<std::string>& missing) {
  return pass_everything_on(target, missing) +
         exports_of(missing, [](const std::string&) { return std::string("undefined"); });
}

std::string view_of_mixed_module(std::string_view target, const std::set<std::string>& names,
                                 std::string_view commonjs_specifier) {
  const std::string commonjs = std::string(commonjs_specifier) + ":" + std::string(target);
  return "import { module as $module } from " + literal(commonjs) + ";\n" +
         pass_everything_on(target, names) + exports_of(names, [](const std::string& name) {
           if (name != "default") return "$module.exports?." + name;
           return std::string("$module.exports?.default ?? $module.exports");
         });
}

std::string bridge_source(std::string_view name) {
  return "import * as target from " + literal(name) + ";\nexport { target };\n";
}

}  // namespace isopod::modules
