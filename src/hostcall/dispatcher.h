// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hostcall/connector.h"
#include "hostcall/counters.h"
#include "policy/decision.h"

namespace isopod::hostcall {

/// Every hostcall passes here: counted, judged by policy, carried out by a connector, ended once.
/// Thread rule: `dispatch` on the shard of the caller; the others from any thread.
class Dispatcher {
 public:
  explicit Dispatcher(std::vector<std::unique_ptr<Connector>> connectors);

  /// Replaces the rules for calls dispatched from now on. The snapshot is shared with calls under
  /// way.
  void set_rules(std::shared_ptr<const policy::Rules> rules);

  /// Whether the rules of now allow something; the Error is `denied` and says what would grant it.
  [[nodiscard]] Result<> judge(const Caller& caller, const Need& need) const;

  struct Origin {
    const Caller& caller;
    Lane lane = Lane::kCompat;
    std::shared_ptr<Counters> counters;  ///< shared with the completion, which may come late
  };
  /// `deliver` is called exactly once, on this or another thread, possibly before this returns.
  void dispatch(const Origin& origin, const protocol::Hostcall& call, Completion::Deliver deliver);

  /// From now on every call ends `denied/shutting_down`, and calls that only wait for news end.
  void refuse_calls();

  /// Ends what an extension that is gone left open.
  void release(const Caller& caller);

 private:
  [[nodiscard]] Result<Connector*> admit(const Caller& caller,
                                         const protocol::Hostcall& call) const;

  std::atomic<std::shared_ptr<const policy::Rules>> rules_;
  // A switch that orders nothing else: relaxed.
  std::atomic<bool> refusing_{false};
  // Last, because threads of connectors ask `judge` until those are gone.
  std::map<std::string_view, std::unique_ptr<Connector>> connectors_;
};

}  // namespace isopod::hostcall
