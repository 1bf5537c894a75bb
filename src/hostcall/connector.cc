// SPDX-License-Identifier: MIT
#include "hostcall/connector.h"

namespace isopod::hostcall {

Need Connector::need(const Caller&, const protocol::Hostcall& call) const {
  return {protocol::info(call.opcode).capability, {}};
}

}  // namespace isopod::hostcall
