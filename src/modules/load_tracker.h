// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace isopod::modules {

/// Which files the engine is in the middle of, and by which names it knows them.
///
/// When one module of a graph cannot be loaded, the engine frees it but keeps its importers'
/// modules, with pointers to what it freed. So the names of everything first loaded in a failed
/// attempt are retired: later imports of those files load them anew under another name that means
/// the same path. Neither may `require` run a module whose graph the engine is still linking or
/// evaluating.
///
/// Plain bookkeeping; one thread.
class LoadTracker {
 public:
  /// The name under which a file is loaded from now on: its path, spelled differently after
  /// failures.
  [[nodiscard]] std::string name_of(const std::string& path) const;
  /// The path of such a name.
  [[nodiscard]] static std::string path_of(const std::string& name);

  /// On the stack while the engine loads a graph. The outermost one that is not told of success
  /// retires the names of all files started since it began.
  class Attempt {
   public:
    explicit Attempt(LoadTracker& tracker);
    ~Attempt();
    Attempt(const Attempt&) = delete;
    Attempt& operator=(const Attempt&) = delete;
    void succeed() { succeeded_ = true; }

   private:
    LoadTracker& tracker_;
    bool succeeded_ = false;
  };

  /// The engine begins to compile a module.
  void started(const std::string& path);
  /// The modules of these paths have run to their end.
  void finished(const std::set<std::string>& paths);
  void everything_finished() { unfinished_.clear(); }

  /// Whether any of these has been started and may not have run to its end.
  [[nodiscard]] bool any_unfinished(const std::set<std::string>& paths) const;

 private:
  int depth_ = 0;
  std::vector<std::string> attempt_;  // started in the attempt under way
  std::set<std::string> unfinished_;
  std::map<std::string, int> retired_;  // path -> how often its name was retired
};

}  // namespace isopod::modules
