// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "hostcall/fs_connector.h"
#include "os/files.h"

/// What the tests of the `fs` connector share.
namespace isopod::hostcall {

/// A folder with `inside`, which may be read and written, `readonly`, which may be read, `drop`,
/// which may be written, and `outside`, which may be neither. Calls are judged as the dispatcher
/// does it.
class FsTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kPayloadMax = 64 * 1024;

  FsTest() {
    for (const char* name : {"inside", "readonly", "drop", "outside"}) {
      std::filesystem::create_directory(root_ + "/" + name);
    }
    write("outside/secret", "SECRET");
    make_connector({.payload_bytes_max = kPayloadMax});
  }

  [[nodiscard]] std::string at(const std::string& name) const { return root_ + "/" + name; }
  void write(const std::string& name, std::string_view content) const {
    std::ofstream(at(name), std::ios::binary) << content;
  }
  [[nodiscard]] std::string content(const std::string& name) const {
    std::ifstream file(at(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void link(const std::string& target, const std::string& name) const {
    std::filesystem::create_symlink(target, at(name));
  }
  [[nodiscard]] bool exists(const std::string& name) const {
    return std::filesystem::exists(std::filesystem::symlink_status(at(name)));
  }

  [[nodiscard]] Result<> judge(protocol::Capability capability, const std::string& path) const {
    const auto is_in = [&](const char* folder) {
      return path == at(folder) || path.starts_with(at(folder) + "/");
    };
    const bool is_read = capability == protocol::Capability::kRead;
    if (is_in("inside") || (is_read && is_in("readonly")) || (!is_read && is_in("drop"))) return {};
    return fail(Code::kDenied, std::string(is_read ? "read" : "write") + " denied: " + path);
  }

  /// Starts a call as the dispatcher would.
  std::future<protocol::Outcome> begin(protocol::Opcode opcode, Json arguments,
                                       const std::string& instance = "one") {
    auto promise = std::make_shared<std::promise<protocol::Outcome>>();
    std::future<protocol::Outcome> outcome = promise->get_future();
    Completion completion(
        [promise](protocol::Outcome ended) { promise->set_value(std::move(ended)); });
    const protocol::Hostcall call = {1, opcode, std::move(arguments), 0};
    const Caller caller = caller_of(instance);
    const Need need = connector_->need(caller, call);
    Result<> judged;
    if (need.capability != protocol::Capability::kNone)
      judged = judge(need.capability, need.target);
    if (judged) {
      connector_->start(caller, call, std::move(completion));
    } else {
      std::move(completion).failed(judged.error());
    }
    return outcome;
  }
  protocol::Outcome call(protocol::Opcode opcode, Json arguments,
                         const std::string& instance = "one") {
    return begin(opcode, std::move(arguments), instance).get();
  }
  /// The value of a call that has to succeed.
  Json value(protocol::Opcode opcode, Json arguments, const std::string& instance = "one") {
    protocol::Outcome outcome = call(opcode, std::move(arguments), instance);
    EXPECT_EQ(outcome.status, protocol::Status::kOk) << outcome.message;
    return std::move(outcome.value);
  }
  /// The message of a call that has to fail with a code.
  std::string error(Code code, protocol::Opcode opcode, Json arguments,
                    const std::string& instance = "one") {
    const protocol::Outcome outcome = call(opcode, std::move(arguments), instance);
    EXPECT_NE(outcome.status, protocol::Status::kOk) << outcome.value;
    EXPECT_EQ(to_string(outcome.code), to_string(code)) << outcome.message;
    return outcome.message;
  }
  static Caller caller_of(const std::string& instance) { return {"ext", "/ext", instance}; }

  void make_connector(FsConnector::Options options) {
    connector_ = std::make_unique<FsConnector>(
        std::move(options), [this](const Caller&, protocol::Capability capability,
                                   const std::string& path) { return judge(capability, path); });
  }

  std::unique_ptr<os::TemporaryDirectory> directory_ = os::TemporaryDirectory::make("fs").value();
  const std::string root_ = os::canonical_path(directory_->path()).value();
  std::unique_ptr<FsConnector> connector_;
};

}  // namespace isopod::hostcall
