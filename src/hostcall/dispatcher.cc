// SPDX-License-Identifier: MIT
#include "hostcall/dispatcher.h"

#include <utility>

namespace isopod::hostcall {

using protocol::Hostcall;
using protocol::Outcome;

Dispatcher::Dispatcher(std::vector<std::unique_ptr<Connector>> connectors)
    : rules_(std::make_shared<const policy::Rules>()) {
  for (auto& connector : connectors) {
    const std::string_view name = connector->name();
    connectors_.emplace(name, std::move(connector));
  }
}

void Dispatcher::set_rules(std::shared_ptr<const policy::Rules> rules) {
  rules_.store(std::move(rules));
}

void Dispatcher::dispatch(const Origin& origin, const Hostcall& call, Completion::Deliver deliver) {
  origin.counters->issued(origin.lane);
  Completion completion(
      [counters = origin.counters, deliver = std::move(deliver)](Outcome outcome) {
        counters->ended(outcome);
        deliver(std::move(outcome));
      });
  Result<Connector*> connector = admit(origin.caller, call);
  if (!connector) return std::move(completion).failed(connector.error());
  (*connector)->start(origin.caller, call, std::move(completion));
}

void Dispatcher::refuse_calls() {
  refusing_.store(true, std::memory_order_relaxed);
  for (const auto& [name, connector] : connectors_) connector->drain();
}

void Dispatcher::release(const Caller& caller) {
  for (const auto& [name, connector] : connectors_) connector->release(caller);
}

Result<Connector*> Dispatcher::admit(const Caller& caller, const Hostcall& call) const {
  if (refusing_.load(std::memory_order_relaxed)) {
    return fail(Code::kShuttingDown, "the host is shutting down and takes no new calls");
  }
  const auto found = connectors_.find(protocol::connector_of(call.opcode));
  if (found == connectors_.end()) {
    return fail(Code::kUnsupported,
                "this host does not offer " + std::string(protocol::info(call.opcode).name));
  }
  if (Result<> judged = judge(caller, found->second->need(caller, call)); !judged) {
    return fail(std::move(judged.error()));
  }
  return found->second.get();
}

Result<> Dispatcher::judge(const Caller& caller, const Need& need) const {
  const std::shared_ptr<const policy::Rules> rules = rules_.load();
  const policy::Decision decision =
      policy::without_person(policy::decide(*rules, {.extension = caller.extension,
                                                     .capability = need.capability,
                                                     .target = need.target,
                                                     .address = need.address}));
  if (decision.verdict != policy::Verdict::kAllow) return fail(Code::kDenied, decision.sentence);
  return {};
}

}  // namespace isopod::hostcall
