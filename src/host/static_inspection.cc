// SPDX-License-Identifier: MIT
#include "host/static_inspection.h"

#include <deque>
#include <map>
#include <optional>
#include <utility>

#include "modules/resolver.h"
#include "modules/unit.h"
#include "os/files.h"

namespace isopod::host {
namespace {

constexpr std::size_t kSourceBytesMax = std::size_t{64} << 20;
/// Extensions of more files are cut there; the largest known has a few hundred.
constexpr std::size_t kFilesMax = 5000;

/// Reads the disk directly: a person asked for it, and nothing of what is read is run.
class DiskReader final : public modules::SourceReader {
 public:
  Result<std::optional<modules::FoundFile>> find(std::span<const std::string> candidates) override {
    for (std::size_t index = 0; index < candidates.size(); ++index) {
      const Result<os::FileKind> kind = os::file_kind(candidates[index]);
      if (!kind || *kind != os::FileKind::kFile) continue;
      Result<std::string> path = os::canonical_path(candidates[index]);
      if (!path) continue;
      return modules::FoundFile{index, *std::move(path)};
    }
    return std::nullopt;
  }
  Result<std::string> read(const std::string& path) override {
    return os::read_file(path, kSourceBytesMax);
  }
};

class Inspector {
 public:
  explicit Inspector(const modules::BuiltinTable& builtins) : resolver_(reader_, builtins) {}

  Result<StaticInspection> run(const std::string& entry) {
    enqueue(entry);
    for (bool is_entry = true; !queue_.empty(); is_entry = false) {
      const std::string path = std::move(queue_.front());
      queue_.pop_front();
      Result<const modules::Unit*> unit = units_.get(path);
      // A broken entry is the extension's error; a broken file behind it is found when it is used.
      if (!unit && is_entry) return fail(std::move(unit.error()));
      if (!unit) {
        found_.missing.insert(path + ": " + unit.error().message);
        continue;
      }
      file(path, **unit);
    }
    found_.capabilities = infer_capabilities(surveyed_);
    for (const auto& [module, names] : names_) {
      found_.builtin_names.push_back({{"module", module}, {"names", names}});
    }
    return std::move(found_);
  }

 private:
  void enqueue(const std::string& path) {
    if (path.find("/node_modules/") != std::string::npos || path.ends_with(".json")) return;
    if (seen_.size() >= kFilesMax || !seen_.insert(path).second) return;
    queue_.push_back(path);
  }

  void file(const std::string& path, const modules::Unit& unit) {
    found_.files.push_back(path);
    SurveyedFile surveyed{unit.shape, typescript::survey(unit.code)};
    for (const auto& request : unit.shape.requests)
      import(path, request.specifier, request.bindings);
    for (const std::string& late : surveyed.survey.imported_late) import(path, late, {});
    if (surveyed.survey.computes_imports) found_.notes.insert("imports something computed");
    if (surveyed.survey.evaluates_text) found_.notes.insert("runs text as code");
    surveyed_.push_back(std::move(surveyed));
  }

  void import(const std::string& from, const std::string& specifier,
              const std::vector<typescript::Binding>& bindings) {
    Result<modules::Resolved> resolved = resolver_.resolve({.specifier = specifier, .base = from});
    if (!resolved) {
      found_.missing.insert(specifier);
      return;
    }
    if (resolved->builtin == nullptr) return enqueue(resolved->path);
    std::set<std::string>& names = names_[std::string(resolved->builtin->name)];
    for (const auto& binding : bindings) names.insert(binding.imported);
  }

  DiskReader reader_;
  modules::Resolver resolver_;
  modules::UnitCache units_{reader_};
  StaticInspection found_;
  std::vector<SurveyedFile> surveyed_;
  std::deque<std::string> queue_;
  std::set<std::string> seen_;
  std::map<std::string, std::set<std::string>> names_;
};

}  // namespace

Result<StaticInspection> inspect_statically(const std::string& entry_path,
                                            const modules::BuiltinTable& builtins) {
  return Inspector(builtins).run(entry_path);
}

}  // namespace isopod::host
