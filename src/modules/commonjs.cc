// SPDX-License-Identifier: MIT
#include "modules/commonjs.h"

#include <utility>
#include <vector>

#include "base/check.h"
#include "modules/paths.h"

namespace isopod::modules {

using engine::Arguments;
using engine::Context;
using engine::Value;

namespace {

Result<> set_text(Context& context, const Value& object, const char* name, std::string_view text) {
  Result<Value> value = context.text(text);
  if (!value) return fail(std::move(value.error()));
  return context.set(object, name, *std::move(value));
}

}  // namespace

Result<Value> default_import_of(Context& context, const Value& exports) {
  if (!exports.is_object()) return exports.duplicate();
  Result<Value> marker = context.get(exports, "__esModule");
  if (!marker) return marker;
  return context.truthy(*marker) ? context.get(exports, "default")
                                 : Result<Value>(exports.duplicate());
}

Result<CommonJs::Record*> CommonJs::record(Context& context, const std::string& path) {
  if (const auto known = records_.find(path); known != records_.end()) return &known->second;
  Result<Value> module = context.object();
  Result<Value> exports = context.object();
  Result<Value> loaded_paths = context.array({});
  if (!module || !exports || !loaded_paths) return fail(Code::kMemory, "out of memory");
  for (const char* name : {"id", "filename"}) {
    if (auto set = set_text(context, *module, name, path); !set)
      return fail(std::move(set.error()));
  }
  if (auto set = set_text(context, *module, "path", directory_of(path)); !set)
    return fail(set.error());
  if (auto set = context.set(*module, "loaded", context.boolean(false)); !set)
    return fail(set.error());
  if (auto set = context.set(*module, "children", *std::move(loaded_paths)); !set)
    return fail(set.error());
  if (auto set = context.set(*module, "exports", exports->duplicate()); !set)
    return fail(set.error());
  Record record{*std::move(module), *std::move(exports), Record::State::kNew};
  return &records_.emplace(path, std::move(record)).first->second;
}

Result<Value> CommonJs::exports_of(Context& context, const std::string& path) {
  const auto known = records_.find(path);
  if (known == records_.end()) return context.undefined();
  return context.get(known->second.module, "exports");
}

Result<bool> CommonJs::untouched(Context& context, const std::string& path) {
  const auto known = records_.find(path);
  if (known == records_.end()) return true;
  Result<Value> exports = context.get(known->second.module, "exports");
  if (!exports) return fail(std::move(exports.error()));
  if (!exports->is_same_object(known->second.initial_exports)) return false;
  Result<std::vector<std::string>> keys = context.keys(*exports);
  if (!keys) return fail(std::move(keys.error()));
  return keys->empty();
}

Result<Value> CommonJs::require_function(Context& context, const std::string& path) {
  Result<Value> function = context.function(
      "require", 1, [this, path](Context& in, const Arguments& arguments) -> Result<Value> {
        const Value specifier = arguments.at(0);
        if (!specifier.is_string()) {
          return fail(Code::kInvalidArgument, "require takes the name of a module as a string");
        }
        Result<std::string> text = in.to_text(specifier);
        if (!text) return fail(std::move(text.error()));
        return require_(in, path, *text);
      });
  Result<Value> resolve = context.function(
      "resolve", 1, [this, path](Context& in, const Arguments& arguments) -> Result<Value> {
        Result<std::string> text = in.to_text(arguments.at(0));
        if (!text) return fail(std::move(text.error()));
        Result<std::string> found = resolve_path_(path, *text);
        if (!found) return fail(std::move(found.error()));
        return in.text(*found);
      });
  Result<Value> cache = context.object();
  if (!function || !resolve || !cache) return fail(Code::kMemory, "out of memory");
  if (auto set = context.set(*function, "resolve", *std::move(resolve)); !set)
    return fail(set.error());
  if (auto set = context.set(*function, "cache", *std::move(cache)); !set) return fail(set.error());
  return function;
}

Result<Value> CommonJs::free_name(Context& context, const std::string& path,
                                  const std::string& name) {
  if (name == "__filename") return context.text(path);
  if (name == "__dirname") return context.text(directory_of(path));
  if (name == "require") return require_function(context, path);
  Result<Record*> own = record(context, path);
  if (!own) return fail(std::move(own.error()));
  if (name == "module") return (*own)->module.duplicate();
  ISOPOD_CHECK(name == "exports", "a free name of CommonJS");
  return context.get((*own)->module, "exports");
}

Result<Value> CommonJs::run(Context& context, const std::string& path, const Unit& unit) {
  Result<Record*> own = record(context, path);
  if (!own) return fail(std::move(own.error()));
  if ((*own)->state == Record::State::kNew) {
    (*own)->state = Record::State::kStarted;
    Result<Value> evaluated = evaluate(context, path, unit, **own);
    if (!evaluated) {
      records_.erase(path);
      return evaluated;
    }
  }
  return exports_of(context, path);
}

Result<Value> CommonJs::evaluate(Context& context, const std::string& path, const Unit& unit,
                                 Record& record) {
  if (unit.kind == Unit::Kind::kJson) {
    Result<Value> parsed = context.from_json(unit.code);
    if (!parsed) {
      const Location& where = parsed.error().where;
      return fail(Code::kSyntax, path + ": " + parsed.error().message,
                  {path, where.line, where.column});
    }
    if (auto set = context.set(record.module, "exports", *std::move(parsed)); !set)
      return fail(set.error());
    return context.undefined();
  }
  // Two lines of wrapper, hidden by the line number: see Context::evaluate_script.
  const std::string wrapped =
      "(function (exports, require, module, __filename, __dirname) {\n\n" + unit.code + "\n})";
  Result<Value> wrapper = context.evaluate_script(wrapped, path, -1);
  if (!wrapper) return wrapper;
  std::vector<Value> arguments;
  for (const char* name : {"exports", "require", "module", "__filename", "__dirname"}) {
    Result<Value> argument = free_name(context, path, name);
    if (!argument) return argument;
    arguments.push_back(*std::move(argument));
  }
  const Value module = record.module.duplicate();
  Result<Value> called = context.call(*wrapper, arguments);
  if (!called) return called;
  if (auto set = context.set(module, "loaded", context.boolean(true)); !set)
    return fail(set.error());
  return context.undefined();
}

void CommonJs::release() { records_.clear(); }

}  // namespace isopod::modules
