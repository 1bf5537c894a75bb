// SPDX-License-Identifier: MIT
#include "host/capability_inference.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace isopod::host {
namespace {

using typescript::SurveyedCall;

using Words = std::initializer_list<std::string_view>;

bool contains(Words words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string_view last_name(std::string_view chain) {
  const std::size_t dot = chain.rfind('.');
  return dot == std::string_view::npos ? chain : chain.substr(dot + 1);
}

std::string_view without_node(std::string_view specifier) {
  return specifier.starts_with("node:") ? specifier.substr(5) : specifier;
}

bool is_ui_method(std::string_view name) {
  return contains({"select", "confirm", "input", "editor", "notify", "custom", "setStatus",
                   "setTitle", "setWidget", "setEditorText", "pasteToEditor", "setWorkingMessage",
                   "setFooter", "setHeader", "onTerminalInput"},
                  name);
}

bool is_session_member(std::string_view name) {
  return contains(
      {"appendEntry", "sendMessage", "sendUserMessage", "setSessionName", "getSessionName",
       "setLabel", "sessionManager", "newSession", "switchSession", "navigateTree", "compact"},
      name);
}

/// Which of "read" and "write" a function of Node's fs needs; both for what does either.
std::vector<std::string> needs_of_file_function(std::string_view name) {
  for (const std::string_view suffix : {"Sync"}) {
    if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
  }
  if (contains({"constants", "Stats", "Dirent", "promises", "close", "fsync"}, name)) return {};
  if (contains({"access", "createReadStream", "exists", "fstat", "lstat", "opendir", "read",
                "readFile", "readdir", "readlink", "realpath", "stat", "statfs", "unwatchFile",
                "watch", "watchFile"},
               name)) {
    return {"read"};
  }
  if (contains({"open", "copyFile", "cp", "default", "*"}, name)) return {"read", "write"};
  return {"write"};
}

/// "http:HOST" of a literal address, as grants are written.
std::optional<std::string> http_scope(std::string_view url) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!url.starts_with(scheme)) continue;
    const std::string_view rest = url.substr(scheme.size());
    const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
    if (host.empty() || host.find_first_of("@[]*, ") != std::string_view::npos) return std::nullopt;
    return "http:" + std::string(host);
  }
  return std::nullopt;
}

/// The program of a literal command; a line for a shell names none for sure.
std::string exec_scope(const std::optional<std::string>& command) {
  const bool plain = command && !command->empty() &&
                     command->find_first_of(" \t,;|&$`'\"\\<>(){}*?/") == std::string::npos;
  return plain ? "exec:" + *command : "exec";
}

class Inference {
 public:
  void file(const SurveyedFile& file) {
    collect_names(file);
    for (const auto& request : file.shape.requests) module(request.specifier, request.bindings);
    for (const std::string& specifier : file.survey.imported_late) module(specifier, {{"*", ""}});
    for (const std::string& chain : file.survey.chains) member(chain);
    for (const std::string& name : file.survey.destructured) {
      if (name == "ui") needs_.insert("ui");
      if (name == "sessionManager") needs_.insert("session");
    }
    for (const SurveyedCall& call : file.survey.calls) called(call);
  }

  std::set<std::string> take() {
    drop_covered("exec");
    drop_covered("http");
    return std::move(needs_);
  }

 private:
  void collect_names(const SurveyedFile& file) {
    api_names_ = {"pi"};
    if (!file.survey.factory_parameter.empty()) api_names_.insert(file.survey.factory_parameter);
    file_names_.clear();
    child_names_.clear();
    for (const auto& request : file.shape.requests) {
      const std::string_view name = without_node(request.specifier);
      for (const auto& binding : request.bindings) {
        const bool whole = binding.imported == "default" || binding.imported == "*";
        if (name == "child_process") child_names_.insert(binding.local);
        if ((name == "fs" || name == "fs/promises") && (whole || binding.imported == "promises")) {
          file_names_.insert(binding.local);
        }
      }
    }
  }

  void module(const std::string& specifier, const std::vector<typescript::Binding>& bindings) {
    const std::string_view name = without_node(specifier);
    if (contains({"http", "https", "http2", "net", "tls", "undici"}, name)) needs_.insert("http");
    if (name == "child_process" && is_whole(bindings)) needs_.insert("exec");
    for (const auto& binding : bindings) {
      // A namespace is judged by the members used, unless it came late and has no name to follow.
      const bool followed = file_names_.contains(binding.local) && !binding.local.empty();
      if ((name == "fs" || name == "fs/promises") && !followed) {
        for (std::string& need : needs_of_file_function(binding.imported)) needs_.insert(need);
      }
      built_in_tool(binding.imported);
    }
  }

  static bool is_whole(const std::vector<typescript::Binding>& bindings) {
    return std::any_of(bindings.begin(), bindings.end(),
                       [](const auto& binding) { return binding.local.empty(); });
  }

  /// pi's own tools, made by an extension, do what they do in its name.
  void built_in_tool(std::string_view made) {
    if (!made.starts_with("create") || made.find("Tool") == std::string_view::npos) return;
    if (made.find("Bash") != std::string_view::npos) needs_.insert("exec");
    if (contains({"createCodingTools", "createAllTools"}, made)) {
      needs_.insert({"read", "write", "exec"});
    }
    for (const std::string_view tool : {"Read", "Edit", "Grep", "Find", "Ls"}) {
      if (made.find(tool) != std::string_view::npos) needs_.insert("read");
    }
    for (const std::string_view tool : {"Write", "Edit"}) {
      if (made.find(tool) != std::string_view::npos) needs_.insert("write");
    }
  }

  void member(const std::string& chain) {
    if (chain.starts_with("process.env")) needs_.insert("env");
    if (chain.starts_with("console.")) needs_.insert("log");
    const std::size_t ui = chain.find(".ui.");
    if (ui != std::string::npos && is_ui_method(last_name(chain))) needs_.insert("ui");
    std::size_t start = chain.find('.');
    while (start != std::string::npos) {
      const std::size_t end = chain.find('.', start + 1);
      if (is_session_member(chain.substr(start + 1, end - start - 1))) needs_.insert("session");
      start = end;
    }
    const std::string root = chain.substr(0, chain.find('.'));
    if (api_names_.contains(root) && chain == root + ".events.emit") needs_.insert("events");
    if (file_names_.contains(root)) {
      for (std::string& need : needs_of_file_function(last_name(chain))) needs_.insert(need);
    }
  }

  void called(const SurveyedCall& call) {
    const std::string root = call.callee.substr(0, call.callee.find('.'));
    const std::string_view name = last_name(call.callee);
    if (call.callee == "fetch" || call.callee == "globalThis.fetch") {
      needs_.insert(call.literal ? http_scope(*call.literal).value_or("http") : "http");
    }
    if (api_names_.contains(root) && call.callee == root + ".exec") {
      needs_.insert(exec_scope(call.literal));
    }
    if (child_names_.contains(root)) needs_.insert(exec_scope(call.literal));
    if (name == "executeTool") needs_.insert("tool");
    const bool replaces = contains(
        {"read", "bash", "powershell", "edit", "write", "grep", "find", "ls"}, call.tool_name);
    if (name == "registerTool" && replaces) needs_.insert("tool:override");
  }

  /// "exec:git" says nothing beside "exec".
  void drop_covered(const std::string& capability) {
    if (!needs_.contains(capability)) return;
    std::erase_if(needs_,
                  [&](const std::string& need) { return need.starts_with(capability + ":"); });
  }

  std::set<std::string> needs_;
  std::set<std::string> api_names_;    // what the factory calls `pi`
  std::set<std::string> file_names_;   // Node's fs as a whole
  std::set<std::string> child_names_;  // Node's child_process and its functions
};

}  // namespace

std::set<std::string> infer_capabilities(const std::vector<SurveyedFile>& files) {
  Inference inference;
  for (const SurveyedFile& file : files) inference.file(file);
  return inference.take();
}

}  // namespace isopod::host
