// SPDX-License-Identifier: MIT
#include "protocol/opcode.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

namespace isopod::protocol {
namespace {

TEST(Opcode, EveryNameIsUniqueAndLeadsBack) {
  std::set<std::string_view> names;
  for (const OpcodeInfo& entry : opcodes()) {
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
    EXPECT_EQ(opcode_from_name(entry.name), entry.opcode);
    EXPECT_EQ(info(entry.opcode).name, entry.name);
    EXPECT_FALSE(entry.summary.empty()) << entry.name;
  }
  EXPECT_FALSE(names.empty());
}

TEST(Opcode, NamesAreANamespaceAndAnOperation) {
  for (const OpcodeInfo& entry : opcodes()) {
    EXPECT_EQ(entry.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_."), std::string_view::npos);
    const std::string_view connector = connector_of(entry.opcode);
    EXPECT_FALSE(connector.empty()) << entry.name;
    EXPECT_EQ(std::string(connector) + '.', entry.name.substr(0, connector.size() + 1));
  }
}

TEST(Opcode, OnlyExactNamesCount) {
  for (const char* name : {"", "log", "log.", "log.writ", "log.writes", "LOG.WRITE", ".write"}) {
    EXPECT_EQ(opcode_from_name(name), std::nullopt) << name;
  }
}

}  // namespace
}  // namespace isopod::protocol
