// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "hostcall/completion.h"
#include "protocol/message.h"

namespace isopod::hostcall {

/// Which extension a hostcall comes from, as the host knows it; nothing in it was said by the
/// isolate.
struct Caller {
  std::string extension;      ///< its id
  std::string package_root;   ///< the canonical directory of its own files
  std::string instance = {};  ///< unique among all that ever run in this host: what it opens is its
};

/// What policy is asked about a hostcall.
struct Need {
  protocol::Capability capability = protocol::Capability::kNone;
  std::string target = {};   ///< as policy::Question wants it
  std::string address = {};  ///< likewise
};

/// Host code that carries out one namespace of opcodes. `need` and `start` are called on the shard
/// that serves the caller, one at a time; `start` must not block for long and may complete later,
/// on any thread. The hostcall is the host's private copy; its arguments are hostile text until
/// checked.
class Connector {
 public:
  virtual ~Connector() = default;

  /// The part of its opcodes' names before the dot.
  [[nodiscard]] virtual std::string_view name() const = 0;

  /// What the call needs; by default the capability of the opcode table.
  [[nodiscard]] virtual Need need(const Caller& caller, const protocol::Hostcall& call) const;

  virtual void start(const Caller& caller, const protocol::Hostcall& call,
                     Completion completion) = 0;

  /// The host takes no new calls: ends, as `cancelled`, calls that only wait for news and could do
  /// so for ever. Work under way goes on. Any thread.
  virtual void drain() {}

  /// The extension is gone: ends what it left open (files, children, watches), and the calls that
  /// wait for them. No call of this caller is started meanwhile or afterwards. Any thread; returns
  /// when it is done.
  virtual void release(const Caller& /*caller*/) {}
};

}  // namespace isopod::hostcall
