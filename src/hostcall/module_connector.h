// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>

#include "hostcall/connector.h"

namespace isopod::hostcall {

/// `module.resolve {candidates}` and `module.read {path}`: the source files of an extension. Its
/// own package and the node_modules folders above it need no capability; any other file needs
/// `read`, so that an import is no way around policy. A file reached through a link is judged by
/// where it really is. Reads are blocking, because an isolate waits for them anyway. Maturity:
/// stable. Posture: hostile paths.
class ModuleConnector final : public Connector {
 public:
  /// Asks policy whether a caller may read a path that is not its own; the Error says what would
  /// grant it.
  using MayRead = std::function<Result<>(const Caller&, const std::string& path)>;
  ModuleConnector(std::size_t file_bytes_max, MayRead may_read)
      : file_bytes_max_(file_bytes_max), may_read_(std::move(may_read)) {}
  [[nodiscard]] std::string_view name() const override { return "module"; }
  [[nodiscard]] Need need(const Caller& caller, const protocol::Hostcall& call) const override;
  void start(const Caller& caller, const protocol::Hostcall& call, Completion completion) override;

 private:
  Result<Json> resolve(const Caller& caller, const Json& candidates) const;
  Result<Json> read(const Caller& caller, const std::string& path) const;
  /// Whether the caller may read a file, named by its real path.
  Result<> judge(const Caller& caller, const std::string& real_path) const;

  const std::size_t file_bytes_max_;
  const MayRead may_read_;
};

/// Whether an absolute path without "." and ".." lies in the package, hidden files and folders
/// aside, in a node_modules folder at or above it, or is the package.json of a folder above it.
bool is_own_file(std::string_view package_root, std::string_view path);

}  // namespace isopod::hostcall
