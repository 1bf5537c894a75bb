// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
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

  /// On the stack while the engine loads a module and what it imports. One that is not told of
  /// success retires the names of all files started since it began.
  class Attempt {
   public:
    explicit Attempt(LoadTracker& tracker);
    ~Attempt();
    Attempt(const Attempt&) = delete;
    Attempt& operator=(const Attempt&) = delete;
    void succeed() { succeeded_ = true; }

   private:
    LoadTracker& tracker_;
    const std::size_t first_;
    bool succeeded_ = false;
  };

  /// The engine begins to compile a module.
  void started(const std::string& path);
  /// The modules of these paths have run to their end.
  void finished(const std::set<std::string>& paths);
  void everything_finished() { unfinished_.clear(); }

  /// On the stack while a file asks for others by `require`, or runs because it was asked for.
  class Running {
   public:
    Running(LoadTracker& tracker, const std::string& path) : tracker_(tracker) {
      tracker_.running_.push_back(path);
    }
    ~Running() { tracker_.running_.pop_back(); }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

   private:
    LoadTracker& tracker_;
  };

  /// Whether `require` may run a module now. `graph` is every file it reaches by import statements,
  /// itself included. It may not when the engine is linking one of them, or is in the middle of
  /// evaluating one: that is one that reaches a running file.
  [[nodiscard]] bool may_run(const std::set<std::string>& graph) const;

 private:
  int depth_ = 0;
  std::vector<std::string> attempt_;  // started in the attempt under way
  std::set<std::string> unfinished_;
  std::vector<std::string> running_;
  std::map<std::string, int> retired_;  // path -> how often its name was retired
};

}  // namespace isopod::modules
