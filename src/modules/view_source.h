// SPDX-License-Identifier: MIT
#pragma once

#include <set>
#include <string>
#include <string_view>

/// The text of the small modules that the loader generates. Names that are no identifiers are left
/// out: the engine's own error is the right answer for them.
namespace isopod::modules {

/// `import { a, b } from "specifier";`
std::string import_statement(const std::set<std::string>& names, std::string_view specifier);

/// Everything `target` exports, and `missing` as undefined.
std::string view_of_module(std::string_view target, const std::set<std::string>& missing);

/// The same, for a target that also writes to `module.exports`: `names` are looked up there, after
/// it has run.
std::string view_of_mixed_module(std::string_view target, const std::set<std::string>& names,
                                 std::string_view commonjs_specifier);

/// A module whose export `target` is the namespace of `name`.
std::string bridge_source(std::string_view name);

}  // namespace isopod::modules
