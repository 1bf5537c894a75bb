// SPDX-License-Identifier: MIT
#include "host/session_switch.h"

#include <algorithm>
#include <utility>

#include "host/session_file.h"
#include "os/files.h"
#include "registry/session_format.h"

namespace isopod::host {
namespace {

SessionSwitch::Made shared(Result<std::unique_ptr<registry::Session>> opened) {
  if (!opened) return fail(std::move(opened.error()));
  return std::shared_ptr<registry::Session>(*std::move(opened));
}

}  // namespace

std::string SessionSwitch::beside(const registry::Session& current) const {
  const std::string file = json_string(current.info(), "file");
  if (file.empty()) return {};
  const WallTime now = clock_.wall();
  std::string time = registry::session_time(now);
  // As pi names its files: no colons, because not every file system has them.
  std::replace_if(
      time.begin(), time.end(), [](char c) { return c == ':' || c == '.'; }, '-');
  return file.substr(0, file.rfind('/') + 1) + time + "_" + registry::new_session_id(now, random_) +
         ".jsonl";
}

SessionSwitch::Made SessionSwitch::fresh(const registry::Session& current) const {
  return shared(open_session({cwd_, beside(current)}, clock_, random_, log_));
}

SessionSwitch::Made SessionSwitch::fork(const registry::Session& current, const std::string& entry,
                                        Position position) const {
  const Json target = current.entry(entry);
  if (target.is_null()) return fail(Code::kNotFound, "Entry " + entry + " not found");
  Json path = current.branch(entry);
  if (position == Position::kBefore) path.erase(path.size() - 1);
  const WallTime now = clock_.wall();
  Json header = {{"type", "session"},
                 {"version", registry::kSessionVersion},
                 {"id", registry::new_session_id(now, random_)},
                 {"timestamp", registry::session_time(now)},
                 {"cwd", cwd_}};
  const std::string file = json_string(current.info(), "file");
  if (!file.empty()) header["parentSession"] = file;
  std::string text = registry::session_line(header);
  for (const Json& kept : path) text += registry::session_line(kept);
  const std::string place = beside(current);
  if (place.empty()) {
    return shared(registry::Session::open(clock_, random_, {.cwd = cwd_, .text = std::move(text)}));
  }
  if (Result<> written = os::write_file_atomically(place, text); !written) {
    return fail(std::move(written.error()));
  }
  return shared(open_session({cwd_, place}, clock_, random_, log_));
}

SessionSwitch::Made SessionSwitch::open(const std::string& file) const {
  const Result<os::FileKind> kind = os::file_kind(file);
  if (!kind) return fail(kind.error());
  if (*kind != os::FileKind::kFile) return fail(Code::kNotFound, "there is no session " + file);
  return shared(open_session({cwd_, file}, clock_, random_, log_));
}

}  // namespace isopod::host
