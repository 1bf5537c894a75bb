// SPDX-License-Identifier: MIT
#include "modules/commonjs.h"

#include <utility>
#include <vector>

#include "base/check.h"
#include "modules/paths.h"
#include "modules/resolver.h"

namespace isopod::modules {

using engine::Arguments;
using engine::Context;
using engine::Value;

namespace {

/// More folders than any author lists for `require.resolve`.
constexpr int kResolvePathsMax = 256;

Result<> set_text(Context& context, const Value& object, const char* name, std::string_view text) {
  Result<Value> value = context.text(text);
  if (!value) return fail(std::move(value.error()));
  return context.set(object, name, *std::move(value));
}

Result<Value> texts(Context& context, const std::vector<std::string>& list) {
  std::vector<Value> values;
  for (const std::string& text : list) {
    Result<Value> value = context.text(text);
    if (!value) return value;
    values.push_back(*std::move(value));
  }
  return context.array(std::move(values));
}

}  // namespace

Result<Value> default_import_of(Context& context, const Value& exports) {
  if (!exports.is_object()) return exports.duplicate();
  Result<Value> marker = context.get(exports, "__esModule");
  if (!marker) return marker;
  return context.truthy(*marker) ? context.get(exports, "default")
                                 : Result<Value>(exports.duplicate());
}

Result<Value> CommonJs::make_module(Context& context, const std::string& path) {
  Result<Value> module = context.object();
  if (!module) return module;
  const std::string directory = directory_of(path);
  for (const auto& [name, text] :
       {std::pair{"id", &path}, std::pair{"path", &directory}, std::pair{"filename", &path}}) {
    if (auto set = set_text(context, *module, name, *text); !set) return fail(set.error());
  }
  Result<Value> children = context.array({});
  Result<Value> paths = texts(context, Resolver::package_folders(directory));
  Result<Value> require = plain_require(context, path);
  if (!children || !paths || !require) return fail(Code::kMemory, "out of memory");
  struct Property {
    const char* name;
    Value value;
  };
  Property properties[] = {{"loaded", context.boolean(false)},
                           {"children", *std::move(children)},
                           {"paths", *std::move(paths)},
                           {"require", *std::move(require)}};
  for (Property& property : properties) {
    if (auto set = context.set(*module, property.name, std::move(property.value)); !set)
      return fail(set.error());
  }
  return module;
}

Result<CommonJs::Record*> CommonJs::record(Context& context, const std::string& path) {
  if (const auto known = records_.find(path); known != records_.end()) return &known->second;
  Result<Value> module = make_module(context, path);
  if (!module) return fail(std::move(module.error()));
  Result<Value> exports = context.object();
  if (!exports) return fail(std::move(exports.error()));
  if (auto set = context.set(*module, "exports", exports->duplicate()); !set)
    return fail(set.error());
  Record record{*std::move(module), *std::move(exports), Record::State::kNew};
  return &records_.emplace(path, std::move(record)).first->second;
}

Result<> CommonJs::adopt(Context& context, const std::string& parent, const std::string& path) {
  const auto asking = records_.find(parent);
  if (asking == records_.end() || records_.contains(path)) return {};
  const Value parent_module = asking->second.module.duplicate();
  Result<Record*> own = record(context, path);
  if (!own) return fail(std::move(own.error()));
  const Value module = (*own)->module.duplicate();
  if (auto set = context.set(module, "parent", parent_module.duplicate()); !set) return set;
  // The author may have put anything there.
  Result<Value> children = context.get(parent_module, "children");
  if (!children || !children->is_object()) return {};
  Result<Value> count = context.get(*children, "length");
  if (!count || !count->is_number()) return {};
  Result<std::string> end = context.to_text(*count);
  if (!end) return fail(std::move(end.error()));
  return context.set(*children, end->c_str(), module.duplicate());
}

Result<Value> CommonJs::exports_of(Context& context, const std::string& path) {
  const auto known = records_.find(path);
  if (known == records_.end()) return context.undefined();
  return context.get(known->second.module, "exports");
}

Result<bool> CommonJs::replaced(Context& context, const std::string& path) {
  const auto known = records_.find(path);
  if (known == records_.end()) return false;
  Result<Value> exports = context.get(known->second.module, "exports");
  if (!exports) return fail(std::move(exports.error()));
  return !exports->is_same_object(known->second.initial_exports);
}

Result<bool> CommonJs::untouched(Context& context, const std::string& path) {
  Result<bool> other = replaced(context, path);
  if (!other) return other;
  if (*other) return false;
  const auto known = records_.find(path);
  if (known == records_.end()) return true;
  Result<std::vector<std::string>> keys = context.keys(known->second.initial_exports);
  if (!keys) return fail(std::move(keys.error()));
  return keys->empty();
}

Result<Value> CommonJs::plain_require(Context& context, const std::string& path) {
  return context.function(
      "require", 1, [this, path](Context& in, const Arguments& arguments) -> Result<Value> {
        const Value specifier = arguments.at(0);
        if (!specifier.is_string()) {
          return fail(Code::kInvalidArgument, "require takes the name of a module as a string");
        }
        Result<std::string> text = in.to_text(specifier);
        if (!text) return fail(std::move(text.error()));
        return require_(in, path, *text);
      });
}

Result<std::string> CommonJs::resolve_from(Context& context, const std::string& path,
                                           const Arguments& arguments) {
  if (!arguments.at(0).is_string())
    return fail(Code::kInvalidArgument, "require.resolve takes the name of a module as a string");
  Result<std::string> specifier = context.to_text(arguments.at(0));
  if (!specifier) return specifier;
  const Value options = arguments.at(1);
  Result<Value> paths = options.is_object() ? context.get(options, "paths") : context.undefined();
  if (!paths) return fail(std::move(paths.error()));
  if (!paths->is_object()) return resolve_path_(path, *specifier);
  Result<Value> length = context.get(*paths, "length");
  Result<double> count = length ? context.to_number(*length) : fail(length.error());
  if (!count) return fail(std::move(count.error()));
  Result<std::string> found =
      fail(Code::kModuleNotFound, "Cannot find module '" + *specifier + "'");
  for (int i = 0; i < *count && i < kResolvePathsMax; ++i) {
    Result<Value> folder = context.get(*paths, std::to_string(i).c_str());
    Result<std::string> text = folder ? context.to_text(*folder) : fail(folder.error());
    if (!text) return text;
    found = resolve_path_(join_path(join_path(directory_of(path), *text), "noop.js"), *specifier);
    if (found) break;
  }
  return found;
}

Result<Value> CommonJs::resolve_function(Context& context, const std::string& path) {
  Result<Value> resolve = context.function(
      "resolve", 2, [this, path](Context& in, const Arguments& arguments) -> Result<Value> {
        Result<std::string> found = resolve_from(in, path, arguments);
        return found ? in.text(*found) : fail(std::move(found.error()));
      });
  Result<Value> paths = context.function(
      "paths", 1, [this, path](Context& in, const Arguments& arguments) -> Result<Value> {
        Result<std::string> specifier = in.to_text(arguments.at(0));
        if (!specifier) return fail(std::move(specifier.error()));
        const std::string directory = directory_of(path);
        if (specifier->starts_with("./") || specifier->starts_with("../"))
          return texts(in, {directory});
        // A built-in module is looked for nowhere.
        const Result<std::string> found = resolve_path_(path, *specifier);
        if (found && !found->starts_with('/')) return in.null();
        return texts(in, Resolver::package_folders(directory));
      });
  if (!resolve || !paths) return fail(Code::kMemory, "out of memory");
  if (auto set = context.set(*resolve, "paths", *std::move(paths)); !set) return fail(set.error());
  return resolve;
}

Result<Value> CommonJs::require_function(Context& context, const std::string& path) {
  Result<Value> function = plain_require(context, path);
  Result<Value> resolve = resolve_function(context, path);
  Result<Value> extensions = context.object();
  Result<Value> all = cache(context);
  if (!function || !resolve || !extensions || !all) return fail(Code::kMemory, "out of memory");
  struct Property {
    const char* name;
    Value value;
  };
  // The program itself is no CommonJS module, so there is no main one.
  Property properties[] = {{"resolve", *std::move(resolve)},
                           {"main", context.undefined()},
                           {"extensions", *std::move(extensions)},
                           {"cache", *std::move(all)}};
  for (Property& property : properties) {
    if (auto set = context.set(*function, property.name, std::move(property.value)); !set)
      return fail(set.error());
  }
  return function;
}

Result<Value> CommonJs::cache(Context& context) {
  if (cache_.is_undefined()) {
    // No prototype: paths are its only names.
    Result<Value> made = context.evaluate_script("({ __proto__: null })", "isopod:loader");
    if (!made) return made;
    cache_ = *std::move(made);
  }
  return cache_.duplicate();
}

Result<Value> CommonJs::cached(Context& context, const std::string& path) {
  Result<Value> all = cache(context);
  return all ? context.get(*all, path.c_str()) : std::move(all);
}

Result<> CommonJs::forget(Context& context, const std::string& path) {
  records_.erase(path);
  Result<Value> remove = context.evaluate_script("Reflect.deleteProperty", "isopod:loader");
  Result<Value> key = context.text(path);
  Result<Value> all = cache(context);
  if (!remove || !key || !all) return fail(Code::kMemory, "out of memory");
  std::vector<Value> arguments;
  arguments.push_back(*std::move(all));
  arguments.push_back(*std::move(key));
  Result<Value> removed = context.call(*remove, arguments);
  return removed ? Result<>() : fail(std::move(removed.error()));
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
  Result<Value> entry = cached(context, path);
  if (!entry) return entry;
  const auto known = records_.find(path);
  if (known != records_.end() && known->second.state == Record::State::kStarted) {
    // What the author put there instead counts; what he deleted runs again.
    if (entry->is_object()) return context.get(*entry, "exports");
    records_.erase(known);
  }
  Result<Record*> own = record(context, path);
  if (!own) return fail(std::move(own.error()));
  (*own)->state = Record::State::kStarted;
  // The record itself may be gone when the file has run.
  const Value module = (*own)->module.duplicate();
  if (auto set = context.set(cache_, path.c_str(), module.duplicate()); !set)
    return fail(set.error());
  if (Result<> evaluated = evaluate(context, path, unit, module); !evaluated) {
    // A failure to tidy up is of no interest beside the one that is reported.
    static_cast<void>(forget(context, path));
    return fail(std::move(evaluated.error()));
  }
  return context.get(module, "exports");
}

Result<> CommonJs::evaluate(Context& context, const std::string& path, const Unit& unit,
                            const Value& module) {
  if (unit.kind == Unit::Kind::kJson) {
    Result<Value> parsed = context.from_json(unit.code);
    if (!parsed) {
      const Location& where = parsed.error().where;
      return fail(Code::kSyntax, path + ": " + parsed.error().message,
                  {path, where.line, where.column});
    }
    if (auto set = context.set(module, "exports", *std::move(parsed)); !set) return set;
    return context.set(module, "loaded", context.boolean(true));
  }
  // Two lines of wrapper, hidden by the line number: see Context::evaluate_script.
  const std::string wrapped =
      "(function (exports, require, module, __filename, __dirname) {\n\n" + unit.code + "\n})";
  Result<Value> wrapper = context.evaluate_script(wrapped, path, -1);
  if (!wrapper) return fail(std::move(wrapper.error()));
  std::vector<Value> arguments;
  for (const char* name : {"exports", "require", "module", "__filename", "__dirname"}) {
    Result<Value> argument = free_name(context, path, name);
    if (!argument) return fail(std::move(argument.error()));
    arguments.push_back(*std::move(argument));
  }
  Result<Value> called = context.call_on(arguments.front(), *wrapper, arguments);
  if (!called) return fail(std::move(called.error()));
  return context.set(module, "loaded", context.boolean(true));
}

void CommonJs::release() {
  records_.clear();
  cache_ = Value();
}

}  // namespace isopod::modules
