// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "protocol/session_store.h"
#include "registry/session.h"

namespace isopod::host {

/// The session that extensions see now. Another can take its place while calls are under way: each
/// call works on the one it began with. Any thread.
class CurrentSession final : public protocol::SessionStore {
 public:
  /// `renamed` is told of each new name, on the thread that set it; it must not block.
  CurrentSession(std::shared_ptr<registry::Session> session, std::function<void(Json name)> renamed)
      : renamed_(std::move(renamed)), session_(std::move(session)) {}

  [[nodiscard]] std::shared_ptr<registry::Session> get() const {
    const std::lock_guard lock(mutex_);
    return session_;
  }
  void replace(std::shared_ptr<registry::Session> session) {
    const std::lock_guard lock(mutex_);
    session_ = std::move(session);
  }

  Result<std::string> append(std::string_view type, Json fields) override {
    return get()->append(type, std::move(fields));
  }
  Result<> set_name(std::string_view name) override {
    const std::shared_ptr<registry::Session> session = get();
    if (Result<> set = session->set_name(name); !set) return set;
    renamed_(session->name());
    return {};
  }
  Result<std::string> set_label(const std::string& entry,
                                const std::optional<std::string>& label) override {
    return get()->set_label(entry, label);
  }
  [[nodiscard]] Json entries() const override { return get()->entries(); }
  [[nodiscard]] Json name() const override { return get()->name(); }
  [[nodiscard]] Json info() const override { return get()->info(); }

 private:
  const std::function<void(Json name)> renamed_;
  mutable std::mutex mutex_;  // guards session_
  std::shared_ptr<registry::Session> session_;
};

}  // namespace isopod::host
