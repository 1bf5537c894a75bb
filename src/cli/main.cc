// SPDX-License-Identifier: MIT
#include <iostream>

#include "isopod/host.h"

int main(int count, char** arguments) {
  isopod::HostOptions options{.project = "/tmp", .user_home = "/root", .agent_dir = "/root/.pi/agent"};
  options.log = [](auto level, auto source, auto text) { std::cerr << level << " " << source << ": " << text << "\n"; };
  auto host = isopod::Host::create(options);
  auto info = (*host)->load(arguments[1]);
  std::cout << info.id << " " << info.ok << " " << info.error.describe() << "\n" << info.error.stack << "\n";
  std::cout << (*host)->registrations(info.id).value_or("none") << "\n";
  if (count > 3) {
    auto r = (*host)->call_tool(arguments[2], arguments[3]);
    std::cout << (r ? *r : r.error().describe()) << "\n";
  }
}
