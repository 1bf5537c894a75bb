// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "hostcall/connector.h"
#include "os/http_client.h"

namespace isopod::hostcall {

/// `http.request`, `http.next` and `http.cancel` (docs/hostcalls.md). Policy is asked for the host
/// of the request, the host of every redirect, and the address that is connected to. Requests end
/// with their extension. Maturity: alpha. Posture: hostile URLs, headers, bodies and servers.
class HttpConnector final : public Connector {
 public:
  /// Asks policy; the Error says what would grant it. Called on any thread.
  using Judge = std::function<Result<>(const Caller&, const Need&)>;
  explicit HttpConnector(Judge judge) : HttpConnector(std::move(judge), {}) {}
  HttpConnector(Judge judge, os::HttpClient::Options options)
      : judge_(std::move(judge)), client_(std::move(options)) {}

  [[nodiscard]] std::string_view name() const override { return "http"; }
  [[nodiscard]] Need need(const Caller& caller, const protocol::Hostcall& call) const override;
  void start(const Caller& caller, const protocol::Hostcall& call, Completion completion) override;
  void release(const Caller& caller) override;

  static constexpr std::size_t kOpenMax = 256;  ///< requests of one extension

 private:
  using Key =
      std::pair<std::string, std::uint64_t>;  // instance of an extension, the number it chose

  void request(const Caller& caller, const Json& arguments, Completion completion);
  void next(const Key& key, Completion completion);
  void cancel(const Key& key);
  [[nodiscard]] Result<os::HttpClient::Id> enter(const Key& key);
  [[nodiscard]] std::optional<os::HttpClient::Id> find(const Key& key);
  /// Only when the number has not been used again meanwhile.
  void leave(const Key& key, os::HttpClient::Id id);
  [[nodiscard]] os::HttpJudges judges_for(const Caller& caller) const;

  const Judge judge_;
  std::mutex mutex_;  // guards open_
  std::map<Key, os::HttpClient::Id> open_;
  os::HttpClient client_;  // last: its callbacks use the others
};

}  // namespace isopod::hostcall
