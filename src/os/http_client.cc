// SPDX-License-Identifier: MIT
#include "os/http_client.h"

#include <algorithm>
#include <cstdlib>
#include <future>
#include <map>
#include <utility>

#include "os/http_client_exchange.h"

namespace isopod::os {
namespace {

constexpr std::chrono::milliseconds kLongestWait{60'000};

Error cancelled() { return {Code::kCancelled, "the request was cancelled", {}, {}}; }

}  // namespace

std::string HttpClient::process_environment(const char* name) {
  const char* const value = ::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

/// What the client's thread runs, and the mailbox to it.
class HttpClient::Engine {
 public:
  explicit Engine(const Options& options) { shared_.options = options; }

  // ---- any thread ----

  void post(Command command) {
    const std::lock_guard lock(mutex_);
    commands_.push_back(std::move(command));
    wake();
  }
  void stop() {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake();
  }

  // ---- the client's thread ----

  void run();
  void request(Id id, HttpRequest request, HttpJudges judges, OnHead on_head);
  void next(Id id, OnChunk on_chunk);
  void cancel(Id id);

 private:
  void wake() {
    changed_.notify_one();
    if (multi_ != nullptr) static_cast<void>(shared_.curl.multi_wakeup(multi_));
  }
  Result<> open();
  void close();
  /// Nothing when the client ends.
  std::optional<std::vector<Command>> take();
  void perform();
  void wait();

  HttpExchange::Shared shared_;
  std::optional<Error> unusable_;  // why there is no library
  std::map<Id, std::unique_ptr<HttpExchange>> exchanges_;

  std::mutex mutex_;  // guards the following
  std::condition_variable changed_;
  std::vector<Command> commands_;
  bool stopping_ = false;
  CURLM* multi_ = nullptr;  // as in shared_, while it can be woken
};

Result<> HttpClient::Engine::open() {
  auto curl = CurlLibrary::open(shared_.options.library);
  if (!curl) return fail(std::move(curl.error()));
  shared_.curl = *curl;
  shared_.multi = shared_.curl.multi_init();
  if (shared_.multi == nullptr) return fail(Code::kMemory, "there is no memory for HTTP requests");
  const std::lock_guard lock(mutex_);
  multi_ = shared_.multi;
  return {};
}

void HttpClient::Engine::close() {
  for (const auto& [id, exchange] : exchanges_) exchange->abandon(cancelled());
  exchanges_.clear();
  const std::lock_guard lock(mutex_);
  if (multi_ != nullptr) static_cast<void>(shared_.curl.multi_cleanup(multi_));
  multi_ = nullptr;
}

void HttpClient::Engine::run() {
  if (Result<> opened = open(); !opened) unusable_ = std::move(opened.error());
  while (auto commands = take()) {
    for (const Command& command : *commands) command(*this);
    perform();
    wait();
  }
  close();
}

std::optional<std::vector<HttpClient::Command>> HttpClient::Engine::take() {
  std::unique_lock lock(mutex_);
  // Without the library there is nothing to poll.
  if (multi_ == nullptr) changed_.wait(lock, [this] { return stopping_ || !commands_.empty(); });
  if (stopping_ && commands_.empty()) return std::nullopt;
  return std::exchange(commands_, {});
}

void HttpClient::Engine::perform() {
  if (shared_.multi == nullptr) return;
  int running = 0;
  static_cast<void>(shared_.curl.multi_perform(shared_.multi, &running));
  int left = 0;
  while (CURLMsg* const message = shared_.curl.multi_info_read(shared_.multi, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    char* exchange = nullptr;
    shared_.curl.easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &exchange);
    reinterpret_cast<HttpExchange*>(exchange)->transfer_ended(code);
  }
  const MonotonicTime now = std::chrono::steady_clock::now();
  for (const auto& [id, exchange] : exchanges_) exchange->attend(now);
  std::erase_if(exchanges_, [](const auto& entry) { return entry.second->is_over(); });
}

void HttpClient::Engine::wait() {
  if (shared_.multi == nullptr) return;
  MonotonicTime until = std::chrono::steady_clock::now() + kLongestWait;
  for (const auto& [id, exchange] : exchanges_) until = std::min(until, exchange->deadline());
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  // The library polls for less where its own timers ask for it. What was posted meanwhile has woken
  // it already, and it remembers.
  static_cast<void>(shared_.curl.multi_poll(
      shared_.multi, nullptr, 0, static_cast<int>(std::max<long>(left.count(), 0)), nullptr));
}

void HttpClient::Engine::request(Id id, HttpRequest request, HttpJudges judges, OnHead on_head) {
  if (unusable_) return on_head(fail(*unusable_));
  if (exchanges_.size() >= shared_.options.requests_max) {
    return on_head(fail(Code::kQuota, "too many HTTP requests are under way"));
  }
  auto exchange = std::make_unique<HttpExchange>(shared_, std::move(request), std::move(judges),
                                                 std::move(on_head));
  exchange->start();
  if (!exchange->is_over()) exchanges_.emplace(id, std::move(exchange));
}

void HttpClient::Engine::next(Id id, OnChunk on_chunk) {
  const auto found = exchanges_.find(id);
  if (found == exchanges_.end()) {
    return on_chunk(fail(Code::kInvalidArgument, "there is no such request, or it is over"));
  }
  found->second->next(std::move(on_chunk));
  if (found->second->is_over()) exchanges_.erase(found);
}

void HttpClient::Engine::cancel(Id id) {
  const auto found = exchanges_.find(id);
  if (found == exchanges_.end()) return;
  found->second->abandon(cancelled());
  exchanges_.erase(found);
}

HttpClient::HttpClient(Options options) : options_(std::move(options)) {}

HttpClient::~HttpClient() {
  if (!thread_.joinable()) return;
  engine_->stop();
  thread_.join();
}

Result<> HttpClient::post(Command command) {
  const std::lock_guard lock(mutex_);
  if (!thread_.joinable()) {
    auto engine = std::make_unique<Engine>(options_);
    auto thread = Thread::start({.name = "isopod-http"}, [&engine = *engine] { engine.run(); });
    if (!thread) return fail(std::move(thread.error()));
    engine_ = std::move(engine);
    thread_ = *std::move(thread);
  }
  engine_->post(std::move(command));
  return {};
}

void HttpClient::request(Id id, HttpRequest request, HttpJudges judges, OnHead on_head) {
  const Result<> posted =
      post([id, request = std::move(request), judges = std::move(judges), on_head](Engine& engine) {
        engine.request(id, request, judges, on_head);
      });
  if (!posted) on_head(fail(posted.error()));
}

void HttpClient::next(Id id, OnChunk on_chunk) {
  const Result<> posted = post([id, on_chunk](Engine& engine) { engine.next(id, on_chunk); });
  if (!posted) on_chunk(fail(posted.error()));
}

void HttpClient::cancel(Id id) {
  // Without a thread nothing was ever requested.
  static_cast<void>(post([id](Engine& engine) { engine.cancel(id); }));
}

void HttpClient::cancel_and_wait(std::span<const Id> ids) {
  if (ids.empty()) return;
  auto done = std::make_shared<std::promise<void>>();  // shared with the command, which is a copy
  const Result<> posted =
      post([done, ids = std::vector<Id>(ids.begin(), ids.end())](Engine& engine) {
        for (const Id id : ids) engine.cancel(id);
        done->set_value();
      });
  if (posted) done->get_future().wait();
}

}  // namespace isopod::os
