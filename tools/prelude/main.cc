// SPDX-License-Identifier: MIT
//
// prelude_compiler MANIFEST OUTPUT_DIRECTORY
//
// Compiles the bundled built-in modules that the manifest lists to bytecode, with the engine they
// will run in, and writes prelude.bin (all bytecode, one after the other) and prelude_table.cc (the
// table that finds each module in it). Part of the build; never shipped.
#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "engine/context.h"
#include "engine/module.h"
#include "engine/runtime.h"

namespace {

using isopod::Code;
using isopod::fail;
using isopod::Json;
using isopod::Result;
using isopod::engine::Bytecode;
using isopod::engine::Context;
using isopod::engine::Module;

/// What a module imports is not needed to compile it.
class NothingImported final : public isopod::engine::ModuleSource {
 public:
  Result<std::string> resolve(Context&, const std::string&, const std::string& specifier) override {
    return specifier;
  }
  Result<Module> load(Context& context, const std::string& name) override {
    return Module::native(context, name, {},
                          [](Context&) -> Result<std::vector<isopod::engine::Value>> {
                            return fail(Code::kInternal, "only compiled");
                          });
  }
};

struct Compiled {
  std::string name;
  std::vector<std::string> aliases;
  std::vector<std::string> exports;
  Bytecode bytecode;
};

Result<std::string> read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(Code::kUnreadable, "cannot read " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

/// Each module in a context of its own, so that none finds another loaded already.
Result<Bytecode> compile(const std::string& name, const std::string& source) {
  const isopod::SystemClock clock;
  auto runtime = isopod::engine::Runtime::create({.clock = &clock});
  if (!runtime) return fail(runtime.error());
  auto context = Context::create(**runtime);
  if (!context) return fail(context.error());
  NothingImported nothing;
  (*context)->set_module_source(nothing);
  auto module = Module::compile(**context, {source, name});
  if (!module) return fail(module.error());
  return module->bytecode(**context);
}

Result<std::vector<Compiled>> compile_all(const std::string& manifest_path) {
  const std::string directory = manifest_path.substr(0, manifest_path.rfind('/') + 1);
  Result<std::string> text = read_text(manifest_path);
  if (!text) return fail(text.error());
  Result<Json> manifest = isopod::parse_json(*text);
  if (!manifest) return fail(manifest.error());
  std::vector<Compiled> all;
  for (const Json& entry : *manifest) {
    Compiled module{.name = entry.at("name"),
                    .aliases = entry.at("aliases"),
                    .exports = entry.at("exports"),
                    .bytecode = {}};
    Result<std::string> source = read_text(directory + entry.at("file").get<std::string>());
    if (!source) return fail(source.error());
    Result<Bytecode> bytecode = compile(module.name, *source);
    if (!bytecode)
      return fail(bytecode.error().code, module.name + ": " + bytecode.error().describe());
    module.bytecode = *std::move(bytecode);
    all.push_back(std::move(module));
  }
  return all;
}

std::string quoted(const std::string& text) { return isopod::dump_json(Json(text)); }

std::string table_source(const std::vector<Compiled>& modules, const std::string& blob) {
  std::string code =
      "// Made by prelude_compiler from js/. Do not edit.\n"
      "#include \"modules/builtins.h\"\n#include <array>\n\n"
      "asm(R\"(\n.section .rodata\n.global isopod_prelude_blob\n.balign "
      "16\nisopod_prelude_blob:\n.incbin \"" +
      blob +
      "\"\n.text\n)\");\nextern \"C\" const std::uint8_t isopod_prelude_blob[];\n\nnamespace "
      "isopod::modules {\nnamespace {\n";
  std::string exports = "constexpr std::string_view kExports[] = {\n";
  std::string rows;
  std::string aliases;
  std::size_t export_count = 0;
  std::size_t alias_count = 0;
  std::size_t offset = 0;
  for (const Compiled& module : modules) {
    for (const std::string& name : module.exports) exports += "  " + quoted(name) + ",\n";
    rows += fmt::format(
        "  Builtin{{{}, {{isopod_prelude_blob + {}, {}}}, std::span(kExports).subspan({}, {})}},\n",
        quoted(module.name), offset, module.bytecode.size(), export_count, module.exports.size());
    for (const std::string& alias : module.aliases) {
      aliases += fmt::format("  BuiltinAlias{{{}, {}}},\n", quoted(alias), quoted(module.name));
      ++alias_count;
    }
    export_count += module.exports.size();
    offset += module.bytecode.size();
  }
  code += exports + "};\n\n";
  code += fmt::format("const std::array<BuiltinAlias, {}> kAliases = {{\n{}}};\n\n", alias_count,
                      aliases);
  code +=
      fmt::format("const std::array<Builtin, {}> kBuiltins = {{\n{}}};\n", modules.size(), rows);
  code +=
      "\n}  // namespace\n\nconst BuiltinTable& prelude() {\n"
      "  static const BuiltinTable table(kBuiltins, kAliases);\n  return table;\n}\n\n"
      "}  // namespace isopod::modules\n";
  return code;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    std::cerr << "usage: prelude_compiler MANIFEST OUTPUT_DIRECTORY\n";
    return 2;
  }
  const std::string directory = arguments[2];
  Result<std::vector<Compiled>> modules = compile_all(arguments[1]);
  if (!modules) {
    std::cerr << "prelude_compiler: " << modules.error().describe() << "\n";
    return 1;
  }
  const std::string blob_path = directory + "/prelude.bin";
  std::ofstream blob(blob_path, std::ios::binary);
  for (const Compiled& module : *modules) {
    blob.write(reinterpret_cast<const char*>(module.bytecode.data()),
               static_cast<std::streamsize>(module.bytecode.size()));
  }
  std::ofstream table(directory + "/prelude_table.cc");
  table << table_source(*modules, blob_path);
  blob.close();
  table.close();
  if (!blob || !table) {
    std::cerr << "prelude_compiler: cannot write to " << directory << "\n";
    return 1;
  }
  return 0;
}
