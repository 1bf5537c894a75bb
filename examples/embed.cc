// SPDX-License-Identifier: MIT
//
// The smallest program that hosts an extension: embed EXTENSION TOOL ARGUMENTS
#include <iostream>

#include "isopod/host.h"

int main(int count, char** arguments) {
  if (count != 4) return 2;
  auto host = isopod::Host::create({.project = "/tmp", .user_home = "/tmp", .agent_dir = "/tmp"});
  if (!host) return 1;
  const isopod::ExtensionInfo extension = (*host)->load(arguments[1]);
  if (!extension.ok) std::cerr << extension.error.describe() << "\n";
  const auto result = (*host)->call_tool(arguments[2], arguments[3]);
  std::cout << (result ? *result : result.error().describe()) << "\n";
  return result ? 0 : 1;
}
