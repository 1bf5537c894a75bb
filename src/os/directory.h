// SPDX-License-Identifier: MIT
#pragma once

#include <dirent.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "os/file_status.h"
#include "os/owned_descriptor.h"

/// What is done to the entries of an open folder, by name. Links are never followed, and nothing
/// outside the folder is touched, wherever it is moved meanwhile. All block; any thread.
namespace isopod::os {

struct FolderEntry {
  std::string name;
  EntryKind kind = EntryKind::kUnknown;  ///< of the entry itself
};

/// Reads the entries of a folder one by one, without "." and "..", in the order of the system.
class FolderReader {
 public:
  /// `folder` is open for reading, with its position at the start.
  static SystemResult<FolderReader> start(OwnedDescriptor folder);
  /// Nothing at the end.
  SystemResult<std::optional<FolderEntry>> next();

 private:
  struct Close {
    void operator()(DIR* stream) const { ::closedir(stream); }
  };
  explicit FolderReader(DIR* stream) : stream_(stream) {}

  std::unique_ptr<DIR, Close> stream_;
};

/// An entry of an open folder, borrowed for a call.
struct EntryName {
  const OwnedDescriptor& folder;
  const std::string& name;
};

SystemResult<> make_folder(const EntryName& entry, unsigned mode);
SystemResult<> rename_entry(const EntryName& from, const EntryName& to);
SystemResult<> make_link(const EntryName& entry, const std::string& target);
/// Another name for an open file; of an open link, for the link.
SystemResult<> make_hard_link(const OwnedDescriptor& file, const EntryName& entry);
SystemResult<> remove_file(const EntryName& entry);
SystemResult<> remove_folder(const EntryName& entry);

/// Removes an entry and, when it is a folder, everything beneath it, from the bottom up. Uses a
/// few descriptors however deep the tree is.
struct TreeVisitor {
  /// Asked for every folder, open, before anything in it is removed; no ends it with ECANCELED.
  std::function<bool(const OwnedDescriptor& folder)> may_empty;
};
/// ENOTEMPTY when something appears meanwhile; EBUSY when a folder is moved away meanwhile.
SystemResult<> remove_tree(const EntryName& entry, const TreeVisitor& visitor);

}  // namespace isopod::os
