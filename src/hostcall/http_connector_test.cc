// SPDX-License-Identifier: MIT
#include "hostcall/http_connector.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <vector>

#include "http_test_server.h"

namespace isopod::hostcall {
namespace {

using protocol::Opcode;
using protocol::Outcome;
using protocol::Status;
using test::HttpTestServer;
using After = HttpTestServer::After;
using Connection = HttpTestServer::Connection;
using ServerRequest = HttpTestServer::Request;

const Caller kFirst = {"ext", "/ext", "1"};
const Caller kSecond = {"other", "/other", "2"};

os::HttpClient::Options options() {
  os::HttpClient::Options options;
  options.environment = [](const char*) { return std::string(); };
  return options;
}

Result<> allow(const Caller&, const Need&) { return {}; }

std::future<Outcome> start(HttpConnector& connector, Opcode opcode, Json arguments,
                           const Caller& caller = kFirst) {
  auto ended = std::make_shared<std::promise<Outcome>>();
  connector.start(caller, {1, opcode, std::move(arguments), 0},
                  Completion([ended](Outcome outcome) { ended->set_value(std::move(outcome)); }));
  return ended->get_future();
}

Outcome carry_out(HttpConnector& connector, Opcode opcode, Json arguments,
                  const Caller& caller = kFirst) {
  return start(connector, opcode, std::move(arguments), caller).get();
}

Json request(std::uint64_t id, const std::string& url, Json more = Json::object()) {
  Json arguments = {{"id", id}, {"method", "GET"}, {"url", url}};
  arguments.update(more);
  return arguments;
}

/// A list with one list in it; braces alone would make an object.
Json pairs(const std::vector<Json>& pair) { return Json(std::vector<Json>{Json(pair)}); }

After echo(const ServerRequest& got, const Connection& connection) {
  connection.send(HttpTestServer::response(
      "200 OK", got.method + " " + got.header("X-Mine") + " " + got.body, "X-Caf: caf\xe9\r\n"));
  return After::kKeep;
}

TEST(HttpConnectorTest, ARequestIsAHeadAndPieces) {
  HttpTestServer server(echo);
  HttpConnector connector(allow, options());
  const Outcome head = carry_out(connector, Opcode::kHttpRequest,
                                 request(7, server.url("/x"),
                                         {{"method", "POST"},
                                          {"headers", pairs({"X-Mine", "caf\xc3\xa9"})},
                                          {"body", "AP8="},
                                          {"body_encoding", "base64"}}));
  ASSERT_EQ(head.status, Status::kOk) << head.message;
  EXPECT_EQ(head.value["status"], 200);
  EXPECT_EQ(head.value["status_text"], "OK");
  EXPECT_EQ(head.value["url"], server.url("/x"));
  EXPECT_EQ(head.value["redirected"], false);
  EXPECT_EQ(head.value["headers"][1], Json::array({"X-Caf", "caf\xc3\xa9"}));
  const Outcome body = carry_out(connector, Opcode::kHttpNext, {{"id", 7}});
  EXPECT_EQ(body.value["data"], "UE9TVCBjYWbpIAD/");
  if (body.value["end"] == false) {
    EXPECT_EQ(carry_out(connector, Opcode::kHttpNext, {{"id", 7}}).value,
              (Json{{"data", ""}, {"end", true}}));
  }
  EXPECT_EQ(carry_out(connector, Opcode::kHttpNext, {{"id", 7}}).code, Code::kInvalidArgument);
}

TEST(HttpConnectorTest, NeedsTheHostAndPort) {
  HttpConnector connector(allow, options());
  const auto target = [&connector](const char* url) {
    return connector.need(kFirst, {1, Opcode::kHttpRequest, request(1, url), 0}).target;
  };
  EXPECT_EQ(target("https://API.example.com/x"), "api.example.com:443");
  EXPECT_EQ(target("http://[::1]:8080/"), "[::1]:8080");
  const Need need = connector.need(kFirst, {1, Opcode::kHttpRequest, request(1, "http://a/"), 0});
  EXPECT_EQ(need.capability, protocol::Capability::kHttp);
  EXPECT_EQ(connector.need(kFirst, {1, Opcode::kHttpNext, {{"id", 1}}, 0}).capability,
            protocol::Capability::kNone);
}

TEST(HttpConnectorTest, RefusesArgumentsOfTheWrongKind) {
  HttpTestServer server(echo);
  HttpConnector connector(allow, options());
  const std::string url = server.url();
  for (const Json& arguments :
       std::vector<Json>{nullptr,
                         Json::array(),
                         {{"id", 1}},
                         {{"id", -1}, {"method", "GET"}, {"url", url}},
                         {{"id", "1"}, {"method", "GET"}, {"url", url}},
                         request(1, "file:///etc/passwd"),
                         request(1, "http://a b/"),
                         request(1, url, {{"method", 5}}),
                         request(1, url, {{"headers", pairs({"a"})}}),
                         request(1, url, {{"headers", "a: b"}}),
                         request(1, url, {{"headers", pairs({"a", 1})}}),
                         request(1, url, {{"headers", pairs({"a", "\xe2\x82\xac"})}}),
                         request(1, url, {{"headers", pairs({"a", "b\r\nc: d"})}}),
                         request(1, url, {{"body", 1}}),
                         request(1, url, {{"body", "%"}, {"body_encoding", "base64"}}),
                         request(1, url, {{"body", "a"}, {"body_encoding", "utf7"}}),
                         request(1, url, {{"timeout_ms", 0}}),
                         request(1, url, {{"timeout_ms", "9"}}),
                         request(1, url, {{"redirect", "maybe"}})}) {
    EXPECT_EQ(carry_out(connector, Opcode::kHttpRequest, arguments).code, Code::kInvalidArgument)
        << arguments;
  }
  EXPECT_EQ(server.connections(), 0);
  EXPECT_EQ(carry_out(connector, Opcode::kHttpCancel, {{"id", 99}}).status, Status::kOk);
  // None of them is open.
  EXPECT_EQ(carry_out(connector, Opcode::kHttpRequest, request(1, url)).status, Status::kOk);
}

TEST(HttpConnectorTest, PolicyIsAskedAboutHostsAndAddresses) {
  HttpTestServer server(echo);
  std::vector<std::string> asked;
  HttpConnector connector(
      [&asked](const Caller& caller, const Need& need) -> Result<> {
        asked.push_back(caller.extension + " " + need.target + " " + need.address);
        if (need.address.empty()) return {};
        return fail(Code::kDenied, "not there");
      },
      options());
  const Outcome outcome = carry_out(connector, Opcode::kHttpRequest, request(1, server.url()));
  EXPECT_EQ(outcome.status, Status::kDenied);
  EXPECT_EQ(outcome.message, "not there");
  const std::string target = "127.0.0.1:" + std::to_string(server.port());
  EXPECT_EQ(asked,
            (std::vector<std::string>{"ext " + target + " ", "ext " + target + " 127.0.0.1"}));
}

After silent(const ServerRequest&, const Connection& connection) {
  connection.wait_for_end();
  return After::kClose;
}

TEST(HttpConnectorTest, AnIdIsTheExtensionsOwnAndFreeAfterTheEnd) {
  HttpTestServer server(silent);
  HttpConnector connector(allow, options());
  std::future<Outcome> first = start(connector, Opcode::kHttpRequest, request(1, server.url()));
  EXPECT_EQ(carry_out(connector, Opcode::kHttpRequest, request(1, server.url())).code,
            Code::kInvalidArgument);
  EXPECT_EQ(carry_out(connector, Opcode::kHttpNext, {{"id", 1}}, kSecond).code,
            Code::kInvalidArgument);
  carry_out(connector, Opcode::kHttpCancel, {{"id", 1}}, kSecond);
  std::future<Outcome> second =
      start(connector, Opcode::kHttpRequest, request(1, server.url()), kSecond);
  EXPECT_EQ(carry_out(connector, Opcode::kHttpCancel, {{"id", 1}}).status, Status::kOk);
  EXPECT_EQ(first.get().status, Status::kCancelled);
  std::future<Outcome> again = start(connector, Opcode::kHttpRequest, request(1, server.url()));
  EXPECT_EQ(again.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  connector.release(kFirst);
  ASSERT_EQ(again.wait_for(std::chrono::seconds(0)), std::future_status::ready);
  EXPECT_EQ(again.get().status, Status::kCancelled);
  connector.release(kSecond);
  EXPECT_EQ(second.get().status, Status::kCancelled);
}

TEST(HttpConnectorTest, AnExtensionHasABoundOfOpenRequests) {
  HttpTestServer server(silent);
  HttpConnector connector(allow, options());
  std::vector<std::future<Outcome>> open;
  for (std::uint64_t id = 0; id < HttpConnector::kOpenMax; ++id) {
    open.push_back(start(connector, Opcode::kHttpRequest, request(id, server.url())));
  }
  const Outcome more = carry_out(connector, Opcode::kHttpRequest, request(9999, server.url()));
  EXPECT_EQ(more.status, Status::kDenied);
  EXPECT_EQ(more.code, Code::kQuota);
  connector.release(kFirst);
  for (std::future<Outcome>& outcome : open) EXPECT_EQ(outcome.get().status, Status::kCancelled);
}

TEST(HttpConnectorTest, NetworkErrorsHaveTheirNames) {
  HttpConnector connector(allow, options());
  std::string url;
  {
    HttpTestServer server(echo);
    url = server.url();
  }
  const Outcome outcome = carry_out(connector, Opcode::kHttpRequest, request(1, url));
  EXPECT_EQ(outcome.status, Status::kError);
  EXPECT_EQ(outcome.code, Code::kIo);
  EXPECT_TRUE(outcome.message.starts_with("ECONNREFUSED: ")) << outcome.message;
  EXPECT_EQ(carry_out(connector, Opcode::kHttpNext, {{"id", 1}}).code, Code::kInvalidArgument);
}

}  // namespace
}  // namespace isopod::hostcall
