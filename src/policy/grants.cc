// SPDX-License-Identifier: MIT
#include "policy/grants.h"

#include <array>
#include <utility>

#include "base/text.h"
#include "policy/http_scope.h"
#include "policy/path_scope.h"

namespace isopod::policy {
namespace {

tl::unexpected<Error> wrong(std::string_view item, std::string_view why) {
  return fail(Code::kUsage,
              "cannot grant \"" + printable(item, Sgr::kDrop) + "\": " + std::string(why));
}

tl::unexpected<Error> unknown_capability(std::string_view item, std::string_view word) {
  std::array<std::string_view, protocol::kCapabilities.size()> words;
  std::string list;
  for (std::size_t i = 0; i < words.size(); ++i) {
    words[i] = protocol::to_string(protocol::kCapabilities[i]);
    list += (i == 0 ? "" : ", ") + std::string(words[i]);
  }
  const std::string_view nearest = nearest_name(word, words);
  if (!nearest.empty()) {
    return wrong(item,
                 "there is no such capability; did you mean \"" + std::string(nearest) + "\"?");
  }
  return wrong(item, "there is no such capability; there are " + list + ", and all");
}

Result<Grant> path_grant(std::string_view item, Capability capability, std::string_view scope) {
  auto directory = normalize_path(scope);
  if (!directory) return wrong(item, "the directory must be an absolute path");
  return Grant{capability, std::move(*directory)};
}

Result<Grant> exec_grant(std::string_view item, std::string_view scope) {
  if (scope.find('/') == std::string_view::npos) {
    if (scope == "." || scope == ".." || scope.find('\0') != std::string_view::npos) {
      return wrong(item, "that is no name of a program");
    }
    return Grant{Capability::kExec, std::string(scope)};
  }
  auto path = normalize_path(scope);
  if (!path || *path == "/") {
    return wrong(item, "a program is a bare name or an absolute path");
  }
  return Grant{Capability::kExec, std::move(*path)};
}

Result<Grant> parse_grant(std::string_view item) {
  const std::size_t colon = item.find(':');
  const std::string_view word = item.substr(0, colon);
  const auto capability = protocol::capability_from_string(word);
  if (word == "all") return wrong(item, "all stands alone and takes no scope");
  if (!capability) return unknown_capability(item, word);
  if (colon == std::string_view::npos) return Grant{*capability, {}};
  const std::string_view scope = item.substr(colon + 1);
  if (scope.empty()) return wrong(item, "nothing follows the colon");
  switch (*capability) {
    case Capability::kRead:
    case Capability::kWrite: return path_grant(item, *capability, scope);
    case Capability::kExec: return exec_grant(item, scope);
    case Capability::kHttp:
      if (!parse_endpoint(scope)) {
        return wrong(item, "the scope of http is HOST or HOST:PORT, without a scheme or a path");
      }
      return Grant{Capability::kHttp, std::string(scope)};
    case Capability::kTool:
      if (scope != kToolOverride) return wrong(item, "the only scope of tool is tool:override");
      return Grant{Capability::kTool, std::string(scope)};
    default: return wrong(item, "this capability takes no scope");
  }
}

std::vector<Grant> everything() {
  std::vector<Grant> grants;
  for (const Capability capability : protocol::kCapabilities) grants.push_back({capability, {}});
  grants.push_back({Capability::kTool, std::string(kToolOverride)});
  return grants;
}

}  // namespace

Result<std::vector<Grant>> parse_grants(std::string_view text) {
  if (text == "all") return everything();
  std::vector<Grant> grants;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string_view item = text.substr(0, comma);
    if (item.empty()) {
      return fail(Code::kUsage,
                  "a grant is CAP or CAP:SCOPE, separated by commas; one of them is empty");
    }
    auto grant = parse_grant(item);
    if (!grant) return fail(std::move(grant.error()));
    grants.push_back(std::move(*grant));
    if (comma == std::string_view::npos) return grants;
    text.remove_prefix(comma + 1);
  }
}

std::string to_string(const Grant& grant) {
  std::string text(protocol::to_string(grant.capability));
  if (!grant.scope.empty()) text += ":" + grant.scope;
  return text;
}

}  // namespace isopod::policy
