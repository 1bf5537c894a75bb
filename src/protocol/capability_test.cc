// SPDX-License-Identifier: MIT
#include "protocol/capability.h"

#include <gtest/gtest.h>

namespace isopod::protocol {
namespace {

TEST(Capability, EveryWordLeadsBack) {
  for (const Capability capability : kCapabilities) {
    EXPECT_EQ(capability_from_string(to_string(capability)), capability);
  }
}

TEST(Capability, NoneCannotBeGrantedByName) {
  EXPECT_EQ(to_string(Capability::kNone), "none");
  for (const char* word : {"none", "", "Read", "read ", "all"}) {
    EXPECT_EQ(capability_from_string(word), std::nullopt) << word;
  }
}

TEST(Grant, ComparesByCapabilityAndScope) {
  EXPECT_EQ((Grant{Capability::kExec, "git"}), (Grant{Capability::kExec, "git"}));
  EXPECT_NE((Grant{Capability::kExec, "git"}), (Grant{Capability::kExec, ""}));
  EXPECT_NE((Grant{Capability::kExec, "git"}), (Grant{Capability::kRead, "git"}));
}

}  // namespace
}  // namespace isopod::protocol
