// SPDX-License-Identifier: MIT
#include "registry/session.h"

#include <algorithm>
#include <set>
#include <utility>

#include "registry/composition_rules.h"

namespace isopod::registry {
namespace {

constexpr const char* kSpaces = " \t\r\n\v\f";

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(kSpaces) - first + 1));
}

/// A name is one line.
std::string in_one_line(std::string_view text) {
  std::string line;
  for (const char character : text) {
    const bool is_break = character == '\n' || character == '\r';
    if (!is_break) {
      line += character;
    } else if (line.empty() || line.back() != ' ') {
      line += ' ';
    }
  }
  return trimmed(line);
}

std::string directory_of(const std::string& file) {
  const std::size_t slash = file.rfind('/');
  if (slash == std::string::npos) return {};
  return slash == 0 ? "/" : file.substr(0, slash);
}

Error no_entry(const std::string& id) {
  return {Code::kNotFound, "Entry " + id + " not found", {}, {}};
}

/// Whether an entry gives content to a model that an edit could replace.
bool is_editable(const Json& entry) {
  if (json_string(entry, "type") == "custom_message") return true;
  const std::string role = json_string(member(entry, "message"), "role");
  return json_string(entry, "type") == "message" &&
         (role == "user" || role == "assistant" || role == "toolResult");
}

}  // namespace

Session::Session(const Clock& clock, Random& random, Origin origin)
    : clock_(clock),
      random_(random),
      cwd_(std::move(origin.cwd)),
      file_(std::move(origin.file)),
      journal_(std::move(origin.journal)) {}

Result<std::unique_ptr<Session>> Session::open(const Clock& clock, Random& random, Origin origin) {
  if (origin.text.size() > kBytesMax) {
    return fail(Code::kQuota,
                "the session file is longer than " + std::to_string(kBytesMax >> 20) + " MiB");
  }
  const std::string text = std::move(origin.text);
  auto session = std::unique_ptr<Session>(new Session(clock, random, std::move(origin)));
  if (Result<> read = session->read(text); !read) return fail(std::move(read.error()));
  return session;
}

Result<> Session::read(std::string_view text) {
  Result<SessionText> parsed = parse_session(text, random_);
  if (!parsed) return fail(std::move(parsed.error()));
  problems_ = std::move(parsed->problems);
  bytes_ = text.size();
  if (parsed->end == SessionText::End::kCut) owed_text_ = "\n";
  if (parsed->header.is_null()) {
    header_ = {{"type", "session"},
               {"version", kSessionVersion},
               {"id", new_session_id(clock_.wall(), random_)},
               {"timestamp", session_time(clock_.wall())},
               {"cwd", cwd_}};
    owed_text_ += session_line(header_);
    return {};
  }
  header_ = std::move(parsed->header);
  for (Json& entry : parsed->entries) remember(std::move(entry));
  if (!parsed->migrated.empty()) {
    owed_ = Owed::kReplace;
    owed_text_ = std::move(parsed->migrated);
  }
  return {};
}

void Session::remember(Json entry) {
  const std::string id = json_string(entry, "id");
  if (json_string(entry, "type") == "label") {
    const std::string target = json_string(entry, "targetId");
    const std::string label = json_string(entry, "label");
    if (label.empty()) {
      labels_.erase(target);
    } else {
      labels_[target] = label;
    }
  }
  places_[id] = entries_.size();
  entries_.push_back(std::move(entry));
  leaf_ = id;
}

std::string Session::free_id() {
  std::string id = random_entry_id(random_);
  // Random numbers that repeat would loop here for ever; counting on ends it.
  for (std::size_t attempt = 0; places_.contains(id); ++attempt) {
    id = attempt < 100 ? random_entry_id(random_) : new_session_id(clock_.wall(), random_);
    if (attempt >= 200) id += "-" + std::to_string(attempt);
  }
  return id;
}

Result<std::string> Session::append(std::string_view type, Json fields) {
  const std::string timestamp = session_time(clock_.wall());
  const std::lock_guard lock(mutex_);
  const std::string id = free_id();
  Json entry = {{"type", type},
                {"id", id},
                {"parentId", leaf_ ? Json(*leaf_) : Json(nullptr)},
                {"timestamp", timestamp}};
  // What says which entry it is cannot be overwritten by what it holds.
  if (fields.is_object()) {
    for (const auto& [name, value] : fields.items()) {
      if (!entry.contains(name)) entry[name] = value;
    }
  }
  const std::string line = session_line(entry);
  if (line.size() > kBytesMax - std::min(bytes_, kBytesMax)) {
    return fail(Code::kQuota,
                "the session is full; it keeps " + std::to_string(kBytesMax >> 20) + " MiB");
  }
  if (Result<> written = write(line); !written) return fail(std::move(written.error()));
  bytes_ += line.size();
  remember(std::move(entry));
  return id;
}

Result<> Session::write(const std::string& line) {
  if (!journal_) return {};
  Result<> written = owed_ == Owed::kReplace ? journal_->replace(owed_text_ + line)
                                             : journal_->append(owed_text_ + line);
  if (!written) return written;
  owed_ = Owed::kPrefix;
  owed_text_ = std::string();
  return {};
}

Result<> Session::set_name(std::string_view name) {
  if (auto set = append("session_info", {{"name", in_one_line(name)}}); !set) {
    return fail(std::move(set.error()));
  }
  return {};
}

Result<std::string> Session::set_label(const std::string& entry,
                                       const std::optional<std::string>& label) {
  {
    const std::lock_guard lock(mutex_);
    if (!places_.contains(entry)) return fail(no_entry(entry));
  }
  Json fields = {{"targetId", entry}};
  if (label) fields["label"] = *label;
  return append("label", std::move(fields));
}

Result<std::string> Session::append_message(Json message) {
  return append("message", {{"message", std::move(message)}});
}

Json Session::entries() const {
  const std::lock_guard lock(mutex_);
  return entries_;
}

Json Session::name() const {
  const std::lock_guard lock(mutex_);
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
    if (json_string(*entry, "type") != "session_info") continue;
    const std::string name = trimmed(json_string(*entry, "name"));
    return name.empty() ? Json(nullptr) : Json(name);
  }
  return nullptr;
}

Json Session::info() const {
  const std::lock_guard lock(mutex_);
  return {{"id", json_string(header_, "id")},
          {"file", file_.empty() ? Json(nullptr) : Json(file_)},
          {"directory", directory_of(file_)},
          {"cwd", cwd_},
          {"leaf", leaf_ ? Json(*leaf_) : Json(nullptr)},
          {"header", header_},
          {"count", entries_.size()}};
}

const Json* Session::find(const std::string& id) const {
  const auto found = places_.find(id);
  return found == places_.end() ? nullptr : &entries_[found->second];
}

Json Session::entry(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const Json* found = find(id);
  return found == nullptr ? Json(nullptr) : *found;
}

std::optional<std::string> Session::leaf() const {
  const std::lock_guard lock(mutex_);
  return leaf_;
}

std::optional<std::string> Session::label(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = labels_.find(id);
  return found == labels_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<const Json*> Session::path_to(const std::optional<std::string>& id) const {
  std::vector<const Json*> path;
  std::set<const Json*> seen;
  const Json* entry = id ? find(*id) : nullptr;
  // A file can say that an entry is its own ancestor.
  while (entry != nullptr && seen.insert(entry).second) {
    path.push_back(entry);
    const std::string parent = json_string(*entry, "parentId");
    entry = parent.empty() ? nullptr : find(parent);
  }
  std::reverse(path.begin(), path.end());
  return path;
}

Json Session::branch(const std::optional<std::string>& from) const {
  const std::lock_guard lock(mutex_);
  Json entries = Json::array();
  for (const Json* entry : path_to(from ? from : leaf_)) entries.push_back(*entry);
  return entries;
}

Result<> Session::move_leaf(const std::optional<std::string>& to) {
  const std::lock_guard lock(mutex_);
  if (to && !places_.contains(*to)) return fail(no_entry(*to));
  leaf_ = to;
  return {};
}

Result<> Session::check(const Json& drafts) const {
  if (Result<> formed = check_drafts(drafts); !formed) return formed;
  const std::lock_guard lock(mutex_);
  const std::vector<const Json*> path = path_to(leaf_);
  for (const Json& draft : drafts) {
    if (json_string(draft, "type") != "context_edit") continue;
    const std::string target = json_string(draft, "targetId");
    const Json* found = find(target);
    std::string wrong;
    if (found == nullptr) {
      wrong = " not found";
    } else if (std::find(path.begin(), path.end(), found) == path.end()) {
      wrong = " is not on the active branch";
    } else if (!is_editable(*found)) {
      wrong = " does not contribute editable model content";
    }
    if (!wrong.empty()) return fail(Code::kInvalidArgument, "Entry " + target + wrong);
  }
  return {};
}

}  // namespace isopod::registry
