// SPDX-License-Identifier: MIT
#include "modules/loader.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <utility>

#include "base/check.h"
#include "base/random.h"
#include "modules/paths.h"
#include "modules/view_source.h"

namespace isopod::modules {

using engine::Arguments;
using engine::Context;
using engine::Module;
using engine::PromiseState;
using engine::Value;

namespace {

/// The specifier that generated import statements use for the CommonJS names of their own file. It
/// has a random part, so that no author's statement can use it.
std::string make_commonjs_specifier() {
  SystemRandom random;
  std::array<std::uint8_t, 16> bytes = {};
  random.fill(bytes);
  std::string specifier = "isopod:commonjs-";
  for (const std::uint8_t byte : bytes) specifier += fmt::format("{:02x}", byte);
  return specifier;
}

/// The engine knows what a bridge imports by a canonical name, not by a specifier.
constexpr std::string_view kBridge = "isopod:bridge";

bool is_node_module(std::string_view name) { return name.starts_with("node:"); }

}  // namespace

Loader::Loader(SourceReader& reader, const BuiltinTable& builtins)
    : units_(reader),
      resolver_(reader, builtins),
      builtins_(builtins),
      commonjs_specifier_(make_commonjs_specifier()),
      commonjs_(
          [this](Context& in, const std::string& base, const std::string& specifier) {
            return require(in, base, specifier);
          },
          [this](const std::string& base, const std::string& specifier) -> Result<std::string> {
            auto found = resolver_.resolve({specifier, base, Importer::kRequire});
            if (!found) return fail(std::move(found.error()));
            return found->builtin != nullptr ? specifier : found->path;
          }) {
  add_native(
      "isopod:native/modules", {"requireFrom"}, [this](Context& in) -> Result<std::vector<Value>> {
        Result<Value> function =
            in.function("requireFrom", 1, [this](Context& inner, const Arguments& arguments) {
              return require_from(inner, arguments);
            });
        if (!function) return fail(std::move(function.error()));
        std::vector<Value> values;
        values.push_back(*std::move(function));
        return values;
      });
}

void Loader::add_native(std::string name, std::vector<std::string> exports,
                        Module::Initialize initialize) {
  ISOPOD_CHECK(name.starts_with(kInternalPrefix), "native modules are internal");
  natives_.emplace(std::move(name), NativeModule{std::move(exports), std::move(initialize)});
}

void Loader::release() {
  commonjs_.release();
  builtin_namespaces_.clear();
  after_ = Value();
  add_names_ = Value();
}

// ---- from specifiers to names ----

Result<std::string> Loader::resolve(Context& context, const std::string& base,
                                    const std::string& specifier) {
  if (is_internal(base)) return resolve_internal(base, specifier);
  // Code made by `eval` or `new Function` has no file of its own; it counts as the entry's.
  if (!base.starts_with('/')) return resolve(context, entry_path_, specifier);
  const std::string importer = LoadTracker::path_of(base);
  if (specifier == commonjs_specifier_) return commonjs_specifier_ + ":" + base;
  auto found = resolver_.resolve({specifier, importer, Importer::kImport});
  if (!found) return fail(std::move(found.error()));
  Result<Wanted> wanted = wanted_by(importer, specifier);
  if (!wanted) return fail(std::move(wanted.error()));
  if (found->builtin != nullptr) return view_of_builtin(*found->builtin, *std::move(wanted));
  return view_of_file(found->path, *std::move(wanted));
}

bool Loader::is_internal(const std::string& base) const {
  if (views_.contains(base) || natives_.contains(base) || base.starts_with(commonjs_specifier_)) {
    return true;
  }
  if (base.starts_with(kBridge)) return true;
  const Builtin* builtin = builtins_.find(base);
  return builtin != nullptr && builtin->name == base;
}

Result<std::string> Loader::resolve_internal(const std::string& base,
                                             const std::string& specifier) {
  // Views and bridges import by canonical name.
  if (specifier.starts_with('/') || specifier.starts_with(commonjs_specifier_) ||
      natives_.contains(specifier)) {
    return specifier;
  }
  if (const Builtin* builtin = builtins_.find(specifier)) return std::string(builtin->name);
  return fail(Code::kInternal,
              "the built-in module " + base + " imports " + specifier + ", which is none");
}

Result<Loader::Wanted> Loader::wanted_by(const std::string& base, const std::string& specifier) {
  Wanted wanted;
  Result<const Unit*> importer = units_.get(base);
  if (!importer) return fail(std::move(importer.error()));
  bool listed = false;
  for (const typescript::ModuleRequest& request : (*importer)->shape.requests) {
    if (request.specifier != specifier) continue;
    listed = true;
    if (request.star_reexport) wanted.scope = Wanted::Scope::kEverything;
    for (const typescript::Binding& binding : request.bindings) {
      if (binding.imported == "*") {
        wanted.scope = Wanted::Scope::kEverything;
      } else {
        wanted.names.insert(binding.imported);
      }
    }
  }
  // No statement asks for it, so `import()` does, and that hands out the whole namespace.
  // A file that does both shares one answer, so it must be the wide one.
  const bool imports_dynamically = (*importer)->code.find("import(") != std::string::npos;
  if (!listed || imports_dynamically) wanted.scope = Wanted::Scope::kEverything;
  return wanted;
}

std::string Loader::view_of_builtin(const Builtin& builtin, Wanted wanted) {
  std::set<std::string> missing = std::move(wanted.names);
  for (const std::string_view name : builtin.exports) missing.erase(std::string(name));
  const std::string target(builtin.name);
  return missing.empty() ? target : add_view(target, {std::move(missing), Wanted::Scope::kListed});
}

Result<std::string> Loader::view_of_file(const std::string& path, Wanted wanted) {
  Result<const Unit*> unit = units_.get(path);
  if (!unit) return fail(std::move(unit.error()));
  if ((*unit)->kind != Unit::Kind::kModule) return add_view(path, std::move(wanted));
  // Nothing but `module.exports` to give, so the whole namespace has that as its default.
  if (wanted.scope == Wanted::Scope::kEverything && (*unit)->exports_at_run_time() &&
      !(*unit)->has_export_statements()) {
    wanted.names.insert("default");
  }
  Result<std::set<std::string>> missing = missing_names(path, wanted.names);
  if (!missing) return fail(std::move(missing.error()));
  const std::string name = tracker_.name_of(path);
  if (missing->empty()) return name;
  return add_view(name, {*std::move(missing), Wanted::Scope::kListed});
}

std::string Loader::add_view(const std::string& target, Wanted wanted) {
  std::string name = std::string(kInternalPrefix) + "view:" + target + "?";
  name += wanted.scope == Wanted::Scope::kEverything ? "*" : "";
  name += dump_json(Json(wanted.names));
  views_.try_emplace(name, View{target, std::move(wanted)});
  return name;
}

Result<std::set<std::string>> Loader::missing_names(const std::string& path,
                                                    const std::set<std::string>& names) {
  std::set<std::string> missing;
  for (const std::string& name : names) {
    std::set<std::string> visited;
    Result<bool> provided = provides(path, name, visited);
    if (!provided) return fail(std::move(provided.error()));
    if (!*provided) missing.insert(name);
  }
  return missing;
}

Result<bool> Loader::provides(const std::string& path, const std::string& name,
                              std::set<std::string>& visited) {
  if (!visited.insert(path).second) return false;
  Result<const Unit*> unit = units_.get(path);
  if (!unit) return fail(std::move(unit.error()));
  // What a CommonJS file exports shows when it runs; a view passes all of it on.
  if ((*unit)->kind != Unit::Kind::kModule) return true;
  for (const std::string& exported : (*unit)->shape.exports) {
    if (exported == name) return true;
  }
  if (name == "default") return false;
  for (const typescript::ModuleRequest& request : (*unit)->shape.requests) {
    if (!request.star_reexport) continue;
    auto target = resolver_.resolve({request.specifier, path, Importer::kImport});
    if (!target) return fail(std::move(target.error()));
    if (target->builtin != nullptr) {
      for (const std::string_view exported : target->builtin->exports) {
        if (exported == name) return true;
      }
      continue;
    }
    Result<bool> provided = provides(target->path, name, visited);
    if (!provided || *provided) return provided;
  }
  return false;
}

// ---- from names to modules ----

Result<Module> Loader::load(Context& context, const std::string& name) {
  LoadTracker::Attempt attempt(tracker_);
  Result<Module> module = make(context, name);
  if (module) attempt.succeed();
  return module;
}

Result<Module> Loader::make(Context& context, const std::string& name) {
  if (const auto native = natives_.find(name); native != natives_.end()) {
    return Module::native(context, name, native->second.exports, native->second.initialize);
  }
  if (const auto view = views_.find(name); view != views_.end()) {
    return load_view(context, name, view->second);
  }
  if (name.starts_with(commonjs_specifier_)) return load_commonjs_names(context, name);
  if (const Builtin* builtin = builtins_.find(name))
    return Module::read(context, builtin->bytecode);
  return load_file(context, name);
}

Result<Module> Loader::load_file(Context& context, const std::string& name) {
  const std::string path = LoadTracker::path_of(name);
  Result<const Unit*> unit = units_.get(path);
  if (!unit) return fail(std::move(unit.error()));
  if ((*unit)->kind != Unit::Kind::kModule) {
    return load_native_view(context, name, {path, {{}, Wanted::Scope::kEverything}});
  }
  std::string code = (*unit)->code;
  if (!(*unit)->shape.commonjs_names.empty()) {
    // Imports are hoisted, so a line at the end serves and moves nothing of the author's.
    code += "\n" + import_statement((*unit)->shape.commonjs_names, commonjs_specifier_);
  }
  tracker_.started(path);
  Result<Module> module = Module::compile(context, {code, name});
  if (!module) return module;
  if (code.find("import.meta") != std::string::npos) {
    if (auto set = set_meta(context, *module, path); !set) return fail(std::move(set.error()));
  }
  if (!(*unit)->shape.commonjs_names.empty())
    file_modules_.insert_or_assign(name, FileModule{*module});
  return module;
}

Result<> Loader::set_meta(Context& context, const Module& module, const std::string& path) {
  Result<Value> url = context.text(file_url(path));
  Result<Value> filename = context.text(path);
  Result<Value> dirname = context.text(directory_of(path));
  Result<Value> resolve = context.function(
      "resolve", 1, [this, path](Context& in, const Arguments& arguments) -> Result<Value> {
        Result<std::string> specifier = in.to_text(arguments.at(0));
        if (!specifier) return fail(std::move(specifier.error()));
        auto found = resolver_.resolve({*specifier, path, Importer::kImport});
        if (!found) return fail(std::move(found.error()));
        return in.text(found->builtin != nullptr ? std::string(found->builtin->name)
                                                 : file_url(found->path));
      });
  if (!url || !filename || !dirname || !resolve) return fail(Code::kMemory, "out of memory");
  struct Property {
    const char* name;
    Value* value;
  };
  for (const Property& property :
       {Property{"url", &*url}, Property{"filename", &*filename}, Property{"dirname", &*dirname},
        Property{"resolve", &*resolve}}) {
    if (auto set = module.set_meta(context, property.name, std::move(*property.value)); !set)
      return set;
  }
  return {};
}

Result<Module> Loader::load_view(Context& context, const std::string& name, const View& view) {
  const bool is_file = view.target.starts_with('/');
  if (is_file) {
    Result<const Unit*> unit = units_.get(LoadTracker::path_of(view.target));
    if (!unit) return fail(std::move(unit.error()));
    if ((*unit)->kind != Unit::Kind::kModule) return load_native_view(context, name, view);
    const bool live = (*unit)->exports_at_run_time();
    const std::string code =
        live ? view_of_mixed_module(view.target, view.wanted.names, commonjs_specifier_)
             : view_of_module(view.target, view.wanted.names);
    return Module::compile(context, {code, name});
  }
  return Module::compile(context, {view_of_module(view.target, view.wanted.names), name});
}

Result<Module> Loader::load_native_view(Context& context, const std::string& name,
                                        const View& view) {
  std::set<std::string> names = view.wanted.names;
  names.insert("default");
  if (view.wanted.scope == Wanted::Scope::kEverything) {
    // The names of a whole namespace must be known before it is linked, so the file runs now.
    Result<const Unit*> unit = units_.get(view.target);
    if (!unit) return fail(std::move(unit.error()));
    const LoadTracker::Running running(tracker_, view.target);
    Result<Value> exports = commonjs_.run(context, view.target, **unit);
    if (!exports) return fail(std::move(exports.error()));
    Result<std::vector<std::string>> keys = context.keys(*exports);
    if (!keys) return fail(std::move(keys.error()));
    names.insert(keys->begin(), keys->end());
  }
  std::vector<std::string> listed(names.begin(), names.end());
  return Module::native(
      context, name, listed,
      [this, target = view.target, listed](Context& in) -> Result<std::vector<Value>> {
        Result<const Unit*> unit = units_.get(target);
        if (!unit) return fail(std::move(unit.error()));
        const LoadTracker::Running running(tracker_, target);
        Result<Value> exports = commonjs_.run(in, target, **unit);
        if (!exports) return fail(std::move(exports.error()));
        std::vector<Value> values;
        for (const std::string& exported : listed) {
          Result<Value> value = in.undefined();
          if (exported == "default") {
            value = default_import_of(in, *exports);
          } else if (exports->is_object()) {
            value = in.get(*exports, exported.c_str());
          }
          if (!value) return fail(std::move(value.error()));
          values.push_back(*std::move(value));
        }
        return values;
      });
}

Result<Module> Loader::load_commonjs_names(Context& context, const std::string& name) {
  const std::string file = name.substr(commonjs_specifier_.size() + 1);
  const std::string path = LoadTracker::path_of(file);
  const std::vector<std::string> names = {"require", "module", "exports", "__dirname",
                                          "__filename"};
  return Module::native(context, name, names,
                        [this, file, path, names](Context& in) -> Result<std::vector<Value>> {
                          std::vector<Value> values;
                          for (const std::string& free : names) {
                            Result<Value> value = commonjs_.free_name(in, path, free);
                            if (!value) return fail(std::move(value.error()));
                            values.push_back(*std::move(value));
                          }
                          const auto known = file_modules_.find(file);
                          if (known != file_modules_.end()) known->second.linked = true;
                          return values;
                        });
}

// ---- running from native code ----

Result<Module> Loader::bridge_to(Context& context, const std::string& name) {
  const std::string bridge = std::string(kBridge) + ":" + std::to_string(++bridges_);
  LoadTracker::Attempt attempt(tracker_);
  Result<Module> module = Module::compile(context, {bridge_source(name), bridge});
  if (module) attempt.succeed();
  return module;
}

Result<std::set<std::string>> Loader::graph_of(const std::string& path) {
  std::set<std::string> graph;
  std::vector<std::string> open = {path};
  while (!open.empty()) {
    const std::string next = std::move(open.back());
    open.pop_back();
    Result<const Unit*> unit = units_.get(next);
    if (!unit) return fail(std::move(unit.error()));
    if (!graph.insert(next).second) continue;
    // What a CommonJS file requires is asked about when it does.
    if ((*unit)->kind != Unit::Kind::kModule) continue;
    for (const typescript::ModuleRequest& request : (*unit)->shape.requests) {
      auto target = resolver_.resolve({request.specifier, next, Importer::kImport});
      if (!target) return fail(std::move(target.error()));
      if (target->builtin == nullptr) open.push_back(std::move(target->path));
    }
  }
  return graph;
}

Result<Value> Loader::require_module(Context& context, const std::string& path) {
  Result<std::set<std::string>> graph = graph_of(path);
  if (!graph) return fail(std::move(graph.error()));
  // Running a graph that the engine is linking or evaluating already would corrupt it.
  if (!tracker_.may_run(*graph)) return require_running(context, path);
  Result<Value> names = import_now(context, tracker_.name_of(path));
  if (!names) return names;
  tracker_.finished(*graph);
  return required_value(context, path, *std::move(names));
}

Result<Value> Loader::require_running(Context& context, const std::string& path) {
  const auto known = file_modules_.find(tracker_.name_of(path));
  if (known == file_modules_.end() || !known->second.linked) {
    return fail(Code::kUnsupported, "require() of " + path +
                                        ", a module that is still being loaded; import it instead");
  }
  Result<Value> names = known->second.module.exports(context);
  return names ? required_value(context, path, *std::move(names)) : std::move(names);
}

Result<Value> Loader::required_value(Context& context, const std::string& path, Value names) {
  Result<const Unit*> unit = units_.get(path);
  if (!unit) return fail(std::move(unit.error()));
  if (!(*unit)->exports_at_run_time()) return names;
  Result<Value> exports = commonjs_.exports_of(context, path);
  Result<bool> replaced = commonjs_.replaced(context, path);
  if (!exports || !replaced) return fail(exports ? replaced.error() : exports.error());
  if (*replaced) return exports;
  if (add_names_.is_undefined()) {
    // `ownKeys`, because a module that is still running has names without a value.
    Result<Value> made = context.evaluate_script(
        "(exports, names) => { for (const name of Reflect.ownKeys(names)) {"
        "  if (typeof name === 'string' && !Object.hasOwn(exports, name)) Reflect.defineProperty("
        "    exports, name, { enumerable: true, configurable: true, get: () => names[name] }); }"
        "  return exports; }",
        "isopod:loader");
    if (!made) return made;
    add_names_ = *std::move(made);
  }
  std::vector<Value> arguments;
  arguments.push_back(*std::move(exports));
  arguments.push_back(std::move(names));
  return context.call(add_names_, arguments);
}

Result<Value> Loader::import_now(Context& context, const std::string& name) {
  Result<Module> bridge = bridge_to(context, name);
  if (!bridge) return fail(std::move(bridge.error()));
  Result<Value> promise = bridge->evaluate(context);
  if (!promise) return promise;
  switch (context.promise_state(*promise)) {
    case PromiseState::kPending:
      return fail(Code::kUnsupported,
                  "require() of " + name + ", which uses top-level await; import it instead");
    case PromiseState::kRejected: return fail(context.take_rejection(*promise));
    case PromiseState::kFulfilled: break;
  }
  Result<Value> exports = bridge->exports(context);
  return exports ? context.get(*exports, "target") : std::move(exports);
}

Result<Value> Loader::import_builtin(Context& context, const std::string& name) {
  const Builtin* builtin = builtins_.find(name);
  if (builtin == nullptr) return fail(Code::kModuleNotFound, "there is no built-in module " + name);
  const std::string canonical(builtin->name);
  if (const auto known = builtin_namespaces_.find(canonical); known != builtin_namespaces_.end()) {
    return known->second.duplicate();
  }
  Result<Value> exports = import_now(context, canonical);
  if (exports) builtin_namespaces_.emplace(canonical, exports->duplicate());
  return exports;
}

Result<Value> Loader::require(Context& context, const std::string& base,
                              const std::string& specifier) {
  auto found = resolver_.resolve({specifier, base, Importer::kRequire});
  if (!found) return fail(std::move(found.error()));
  const LoadTracker::Running running(tracker_, base);
  if (found->builtin != nullptr) {
    Result<Value> exports = import_builtin(context, std::string(found->builtin->name));
    if (!exports || !is_node_module(found->builtin->name)) return exports;
    return context.get(*exports, "default");
  }
  Result<const Unit*> unit = units_.get(found->path);
  if (!unit) return fail(std::move(unit.error()));
  if ((*unit)->kind == Unit::Kind::kModule) return require_module(context, found->path);
  if (auto adopted = commonjs_.adopt(context, base, found->path); !adopted)
    return fail(std::move(adopted.error()));
  return commonjs_.run(context, found->path, **unit);
}

Result<Value> Loader::require_from(Context& context, const Arguments& arguments) {
  Result<std::string> base = context.to_text(arguments.at(0));
  if (!base) return fail(std::move(base.error()));
  if (!base->starts_with('/'))
    return fail(Code::kInvalidArgument, "requireFrom takes an absolute path");
  // A folder is written with a slash at its end.
  const bool is_folder = base->ends_with('/');
  return commonjs_.require_function(context, join_path("/", is_folder ? *base + "noop.js" : *base));
}

Result<Value> Loader::import_entry(Context& context, const std::string& path) {
  entry_path_ = path;
  if (after_.is_undefined()) {
    Result<Value> after = context.evaluate_script(
        "(async (promise, next) => { await promise; return next() })", "isopod:loader");
    if (!after) return after;
    after_ = *std::move(after);
  }
  Result<Module> bridge = bridge_to(context, tracker_.name_of(path));
  if (!bridge) return fail(std::move(bridge.error()));
  Result<Value> evaluated = bridge->evaluate(context);
  if (!evaluated) return evaluated;
  Result<Value> next =
      context.function("factory", 0, [this, path, bridge = *bridge](Context& in, const Arguments&) {
        tracker_.everything_finished();
        return factory_of(in, path, bridge);
      });
  if (!next) return next;
  std::vector<Value> arguments;
  arguments.push_back(*std::move(evaluated));
  arguments.push_back(*std::move(next));
  return context.call(after_, arguments);
}

Result<Value> Loader::factory_of(Context& context, const std::string& path, const Module& bridge) {
  Result<const Unit*> unit = units_.get(path);
  if (!unit) return fail(std::move(unit.error()));
  if ((*unit)->kind == Unit::Kind::kModule) {
    Result<Value> exports = bridge.exports(context);
    Result<Value> target = exports ? context.get(*exports, "target") : std::move(exports);
    Result<Value> candidate = target ? context.get(*target, "default") : std::move(target);
    if (!candidate || !candidate->is_undefined()) return candidate;
  }
  Result<bool> untouched = commonjs_.untouched(context, path);
  if (!untouched) return fail(std::move(untouched.error()));
  if (*untouched) return context.undefined();
  Result<Value> exports = commonjs_.exports_of(context, path);
  if (!exports || !exports->is_object()) return exports;
  Result<Value> candidate = context.get(*exports, "default");
  return !candidate || !candidate->is_undefined() ? std::move(candidate) : std::move(exports);
}

}  // namespace isopod::modules
