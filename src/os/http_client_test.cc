// SPDX-License-Identifier: MIT
#include "os/http_client.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "http_test_server.h"
#include "os/curl_library.h"

namespace isopod::os {
namespace {

using test::HttpTestServer;
using After = HttpTestServer::After;
using Connection = HttpTestServer::Connection;
using ServerRequest = HttpTestServer::Request;
using namespace std::chrono_literals;

HttpClient::Options options() {
  HttpClient::Options options;
  options.environment = [](const char*) { return std::string(); };
  return options;
}

HttpJudges anybody() {
  return {[](const std::string&) { return Result<>(); },
          [](const std::string&, const std::string&) { return Result<>(); }};
}

struct Exchange {
  HttpClient::Id id = 0;
  Result<HttpHead> head;
};

Exchange send(HttpClient& client, HttpRequest request, HttpJudges judges = anybody()) {
  auto promise = std::make_shared<std::promise<Result<HttpHead>>>();
  Exchange exchange;
  exchange.id = client.new_id();
  client.request(exchange.id, std::move(request), std::move(judges),
                 [promise](Result<HttpHead> head) { promise->set_value(head); });
  exchange.head = promise->get_future().get();
  return exchange;
}

std::future<Result<HttpChunk>> ask(HttpClient& client, HttpClient::Id id) {
  auto promise = std::make_shared<std::promise<Result<HttpChunk>>>();
  client.next(id, [promise](Result<HttpChunk> chunk) { promise->set_value(chunk); });
  return promise->get_future();
}

Result<std::string> read_all(HttpClient& client, HttpClient::Id id) {
  std::string body;
  for (;;) {
    Result<HttpChunk> chunk = ask(client, id).get();
    if (!chunk) return fail(chunk.error());
    body += chunk->data;
    if (chunk->end) return body;
  }
}

Result<std::string> get(HttpClient& client, HttpRequest request, HttpJudges judges = anybody()) {
  const Exchange exchange = send(client, std::move(request), std::move(judges));
  if (!exchange.head) return fail(exchange.head.error());
  return read_all(client, exchange.id);
}

Error error_of(const Result<std::string>& result) {
  return result ? Error{Code::kInternal, "no error", {}, {}} : result.error();
}

std::string header(const HttpHead& head, std::string_view name) {
  std::string values;
  for (const auto& [key, value] : head.headers) {
    if (key == name) values += value + ";";
  }
  return values;
}

/// A server that gives each connection the same bytes and closes.
HttpTestServer::Handler says(std::string bytes) {
  return [bytes = std::move(bytes)](const ServerRequest&, const Connection& connection) {
    connection.send(bytes);
    return After::kClose;
  };
}

TEST(HttpClientTest, GivesHeadAndBody) {
  HttpTestServer server([](const ServerRequest& request, const Connection& connection) {
    EXPECT_EQ(request.header("X-Mine"), "1");
    EXPECT_EQ(request.head.find("\r\nX-Empty:\r\n") == std::string::npos, false);
    connection.send(HttpTestServer::response(
        "201 Well Made", "got " + request.method + " " + request.path + " " + request.body,
        "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Caf: caf\xe9\r\n"));
    return After::kKeep;
  });
  HttpClient client(options());
  const Exchange exchange = send(client, {.method = "POST",
                                          .url = server.url("/p?q#f"),
                                          .headers = {{"X-Mine", "1"}, {"X-Empty", ""}},
                                          .body = std::string("by\0tes", 6)});
  ASSERT_TRUE(exchange.head) << exchange.head.error().message;
  EXPECT_EQ(exchange.head->status, 201);
  EXPECT_EQ(exchange.head->status_text, "Well Made");
  EXPECT_EQ(exchange.head->url, server.url("/p?q"));
  EXPECT_FALSE(exchange.head->redirected);
  EXPECT_EQ(header(*exchange.head, "Set-Cookie"), "a=1;b=2;");
  EXPECT_EQ(header(*exchange.head, "X-Caf"), "caf\xe9;");
  EXPECT_EQ(read_all(client, exchange.id).value(), "got POST /p?q " + std::string("by\0tes", 6));
  EXPECT_EQ(ask(client, exchange.id).get().error().code, Code::kInvalidArgument);
}

TEST(HttpClientTest, SendsNoHeadersOfItsOwnBesidesWhatHttpNeeds) {
  std::string head;
  HttpTestServer server([&head](const ServerRequest& request, const Connection& connection) {
    head = request.head;
    connection.send(HttpTestServer::response("200 OK", ""));
    return After::kClose;
  });
  HttpClient client(options());
  ASSERT_TRUE(
      get(client, {.method = "PUT", .url = server.url(), .body = std::string(2'000'000, 'x')}));
  EXPECT_EQ(head.find("Expect"), std::string::npos);
  EXPECT_EQ(head.find("Content-Type"), std::string::npos);
  EXPECT_EQ(head.find("User-Agent"), std::string::npos);
  EXPECT_NE(head.find("Accept-Encoding: "), std::string::npos);
  ASSERT_TRUE(get(client, {.url = server.url(), .content = HttpRequest::Content::kRaw}));
  EXPECT_EQ(head.find("Accept-Encoding"), std::string::npos);
}

TEST(HttpClientTest, HeadHasNoBodyAndPostWithoutOneHasLengthZero) {
  std::string length;
  HttpTestServer server([&length](const ServerRequest& request, const Connection& connection) {
    length = request.header("Content-Length");
    connection.send(request.method == "HEAD" ? "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
                                             : HttpTestServer::response("200 OK", "12345"));
    return After::kKeep;
  });
  HttpClient client(options());
  EXPECT_EQ(get(client, {.method = "HEAD", .url = server.url()}).value(), "");
  EXPECT_EQ(get(client, {.method = "POST", .url = server.url()}).value(), "12345");
  EXPECT_EQ(length, "0");
}

TEST(HttpClientTest, PiecesArriveAsTheyAreSent) {
  std::promise<void> taken;
  HttpTestServer server([&taken](const ServerRequest&, const Connection& connection) {
    connection.send(
        "HTTP/1.1 103 Early\r\nX-Early: 1\r\n\r\n"
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n"
        "5\r\nfirst\r\n");
    taken.get_future().wait();
    connection.send("6\r\nsecond\r\n0\r\nX-T: 1\r\n\r\n");
    return After::kKeep;
  });
  HttpClient client(options());
  const Exchange exchange = send(client, {.url = server.url()});
  ASSERT_TRUE(exchange.head);
  EXPECT_EQ(header(*exchange.head, "X-Early"), "");
  const HttpChunk first = ask(client, exchange.id).get().value();
  EXPECT_EQ(first.data, "first");
  EXPECT_FALSE(first.end);
  std::future<Result<HttpChunk>> second = ask(client, exchange.id);
  EXPECT_EQ(ask(client, exchange.id).get().error().code, Code::kInvalidArgument);
  taken.set_value();
  EXPECT_EQ(second.get().value().data, "second");
}

TEST(HttpClientTest, ABodyThatNobodyTakesIsNotRead) {
  constexpr std::size_t kBytes = std::size_t{48} << 20;
  std::atomic<bool> all_sent = false;
  HttpTestServer server([&](const ServerRequest& request, const Connection& connection) {
    if (request.path == "/small") {
      connection.send(HttpTestServer::response("200 OK", "small"));
      return After::kKeep;
    }
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(kBytes) + "\r\n\r\n");
    const std::string megabyte(1 << 20, 'x');
    for (std::size_t sent = 0; sent < kBytes; sent += megabyte.size()) {
      if (!connection.send(megabyte)) return After::kClose;
    }
    all_sent = true;
    return After::kKeep;
  });
  HttpClient client(options());
  const Exchange exchange = send(client, {.url = server.url("/large")});
  ASSERT_TRUE(exchange.head);
  for (int i = 0; i < 300; ++i) {
    ASSERT_EQ(get(client, {.url = server.url("/small")}).value(), "small");
  }
  EXPECT_FALSE(all_sent);
  EXPECT_EQ(read_all(client, exchange.id).value().size(), kBytes);
}

TEST(HttpClientTest, ABodyHasALimit) {
  HttpTestServer server([](const ServerRequest& request, const Connection& connection) {
    const std::size_t size = request.path == "/fits" ? 1000 : 1001;
    connection.send(HttpTestServer::response("200 OK", std::string(size, 'x')));
    return After::kKeep;
  });
  HttpClient::Options small = options();
  small.body_bytes_max = 1000;
  HttpClient client(small);
  EXPECT_EQ(get(client, {.url = server.url("/fits")}).value().size(), 1000U);
  EXPECT_EQ(error_of(get(client, {.url = server.url("/large")})).code, Code::kPayloadTooLarge);
}

TEST(HttpClientTest, AHeadHasALimit) {
  HttpTestServer server([](const ServerRequest&, const Connection& connection) {
    connection.send("HTTP/1.1 200 OK\r\n");
    while (connection.send("X-More: " + std::string(1000, 'x') + "\r\n")) {
    }
    return After::kClose;
  });
  HttpClient::Options small = options();
  small.head_bytes_max = 50'000;
  HttpClient client(small);
  EXPECT_EQ(error_of(get(client, {.url = server.url()})).code, Code::kPayloadTooLarge);
}

// ---- decoding ----

/// A zlib stream of many zero bytes: one literal and then copies of 258 bytes in 13 bits each.
std::string bomb(std::size_t copies) {
  std::string bytes = "\x78\x9c";
  unsigned pending = 0;
  unsigned bits = 0;
  const auto put = [&](unsigned value, unsigned count) {
    pending |= value << bits;
    for (bits += count; bits >= 8; bits -= 8, pending >>= 8U) {
      bytes += static_cast<char>(pending & 0xffU);
    }
  };
  put(0b011, 3);       // the last block, fixed codes
  put(0b00001100, 8);  // literal 0, its code's bits from the highest
  for (std::size_t i = 0; i < copies; ++i) put(0b10100011, 13);  // length 258, distance 1
  put(0, 7 + 7);
  return bytes;
}

TEST(HttpClientTest, DecodesUnlessToldNotTo) {
  const std::string hello(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86"
      "\xa6\x10\x36\x05\x00\x00\x00",
      25);
  HttpTestServer server(
      says(HttpTestServer::response("200 OK", hello, "Content-Encoding: gzip\r\n")));
  HttpClient client(options());
  EXPECT_EQ(get(client, {.url = server.url()}).value(), "hello");
  EXPECT_EQ(get(client, {.url = server.url(), .content = HttpRequest::Content::kRaw}).value(),
            hello);
  HttpTestServer liar(
      says(HttpTestServer::response("200 OK", "hello", "Content-Encoding: gzip\r\n")));
  EXPECT_EQ(error_of(get(client, {.url = liar.url()})).message.substr(0, 14), "Z_DATA_ERROR: ");
}

TEST(HttpClientTest, TheLimitOfABodyCountsDecodedBytes) {
  HttpTestServer server(
      says(HttpTestServer::response("200 OK", bomb(400'000), "Content-Encoding: deflate\r\n")));
  HttpClient client(options());
  const Exchange exchange = send(client, {.url = server.url()});
  ASSERT_TRUE(exchange.head);
  std::size_t read = 0;
  Result<HttpChunk> chunk;
  while ((chunk = ask(client, exchange.id).get())) read += chunk->data.size();
  EXPECT_EQ(chunk.error().code, Code::kPayloadTooLarge);
  EXPECT_GT(read, std::size_t{32} << 20);
  EXPECT_LE(read, std::size_t{64} << 20);
}

// ---- redirects ----

/// /to?STATUS,LOCATION redirects; everything else tells what was received.
After redirecting(const ServerRequest& request, const Connection& connection) {
  if (request.path.starts_with("/to?")) {
    const std::string status = request.path.substr(4, 3);
    connection.send(HttpTestServer::response(status + " Moved", "this body is of no interest",
                                             "Location: " + request.path.substr(8) + "\r\n"));
  } else {
    connection.send(HttpTestServer::response(
        "200 OK", request.method + request.path + request.body + request.header("Authorization")));
  }
  return After::kKeep;
}

TEST(HttpClientTest, FollowsRedirects) {
  HttpTestServer server(redirecting);
  HttpTestServer other(redirecting);
  HttpClient client(options());
  const auto post = [&](const std::string& path) {
    return get(client, {.method = "POST",
                        .url = server.url(path),
                        .headers = {{"Authorization", "secret"}},
                        .body = "body"});
  };
  EXPECT_EQ(post("/to?302,/end").value(), "GET/endsecret");
  EXPECT_EQ(post("/to?307,/end").value(), "POST/endbodysecret");
  EXPECT_EQ(post("/to?307," + other.url("/end")).value(), "POST/endbody");
  EXPECT_EQ(post("/to?307,end?a/../b").value(), "POST/end?a/../bbodysecret");
  const Exchange exchange = send(client, {.url = server.url("/to?301,/to?308,/end")});
  EXPECT_EQ(exchange.head.value().url, server.url("/end"));
  EXPECT_TRUE(exchange.head.value().redirected);
}

TEST(HttpClientTest, AHopDoesNotAnswerForTheOneBefore) {
  const std::string padding = "X-Padding: " + std::string(3000, 'x') + "\r\n";
  HttpTestServer server([&](const ServerRequest& request, const Connection& connection) {
    if (request.path == "/dead") return After::kClose;
    const bool is_first = request.path != "/end";
    connection.send("HTTP/1.1 " + std::string(is_first ? "302 Found" : "200 OK") + "\r\n" +
                    padding + "Location: " + (request.path == "/to-dead" ? "/dead" : "/end") +
                    "\r\nContent-Length: 0\r\n\r\n");
    return After::kClose;
  });
  HttpClient::Options small = options();
  small.head_bytes_max = 5000;
  HttpClient client(small);
  EXPECT_EQ(get(client, {.url = server.url("/to-end")}).value(), "");
  // Where the name has two addresses, the first is refused and the second works.
  HttpJudges judges = anybody();
  judges.address = [](const std::string&, const std::string& address) -> Result<> {
    if (address == "127.0.0.1") return {};
    return fail(Code::kDenied, "not " + address);
  };
  const std::string host = "http://localhost:" + std::to_string(server.port());
  const Error error = error_of(get(client, {.url = host + "/to-dead"}, judges));
  EXPECT_EQ(error.code, Code::kIo) << error.message;
}

TEST(HttpClientTest, RedirectsEnd) {
  HttpTestServer server(
      says("HTTP/1.1 302 Again\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n"));
  HttpClient client(options());
  EXPECT_EQ(error_of(get(client, {.url = server.url()})).message, "redirect count exceeded");
  EXPECT_EQ(server.connections(), 21);
}

TEST(HttpClientTest, RedirectsCanBeRefusedOrLeftAlone) {
  HttpTestServer server(redirecting);
  HttpClient client(options());
  const std::string url = server.url("/to?302,/end");
  EXPECT_EQ(error_of(get(client, {.url = url, .redirect = HttpRequest::Redirect::kError})).message,
            "unexpected redirect");
  const Exchange exchange = send(client, {.url = url, .redirect = HttpRequest::Redirect::kManual});
  EXPECT_EQ(exchange.head.value().status, 302);
  EXPECT_EQ(header(exchange.head.value(), "Location"), "/end;");
  EXPECT_EQ(read_all(client, exchange.id).value(), "this body is of no interest");
}

TEST(HttpClientTest, ARedirectLeadsToHttpOnly) {
  HttpTestServer server(redirecting);
  HttpClient client(options());
  for (const char* location :
       {"file:///etc/passwd", "ftp://a.b/", "http://user@127.0.0.1/", "gopher://x"}) {
    const Error error =
        error_of(get(client, {.url = server.url(std::string("/to?302,") + location)}));
    EXPECT_EQ(error.code, Code::kIo) << location;
    EXPECT_NE(error.message.find("redirects to"), std::string::npos) << error.message;
  }
}

// ---- judges ----

TEST(HttpClientTest, EveryHostIsJudgedBeforeAnythingIsSentToIt) {
  std::atomic<int> asked = 0;
  HttpTestServer other([&asked](const ServerRequest&, const Connection&) {
    ++asked;
    return After::kClose;
  });
  HttpTestServer server(redirecting);
  HttpClient client(options());
  HttpJudges judges = anybody();
  const std::string allowed = "127.0.0.1:" + std::to_string(server.port());
  judges.target = [allowed](const std::string& target) -> Result<> {
    if (target == allowed) return {};
    return fail(Code::kDenied, "not " + target);
  };
  const Error error = error_of(get(client, {.url = server.url("/to?302," + other.url())}, judges));
  EXPECT_EQ(error.code, Code::kDenied);
  EXPECT_EQ(error.message, "not 127.0.0.1:" + std::to_string(other.port()));
  EXPECT_EQ(error_of(get(client, {.url = other.url()}, judges)).code, Code::kDenied);
  EXPECT_EQ(asked, 0);
  EXPECT_EQ(other.connections(), 0);
}

TEST(HttpClientTest, TheAddressIsJudgedBeforeItIsConnectedTo) {
  HttpTestServer server(redirecting);
  HttpClient client(options());
  HttpJudges judges = anybody();
  judges.address = [](const std::string& target, const std::string& address) -> Result<> {
    return fail(Code::kDenied, target.substr(0, 9) + " is " + address);
  };
  const HttpRequest request = {.url = "http://localhost:" + std::to_string(server.port()) + "/x"};
  const Error error = error_of(get(client, request, judges));
  EXPECT_EQ(error.code, Code::kDenied);
  EXPECT_TRUE(error.message.starts_with("localhost is ")) << error.message;
  EXPECT_EQ(server.connections(), 0);
  // A connection that is open already is no way around it.
  EXPECT_EQ(get(client, request).value(), "GET/x");
  EXPECT_EQ(error_of(get(client, request, judges)).code, Code::kDenied);
  EXPECT_EQ(get(client, request).value(), "GET/x");
}

TEST(HttpClientTest, AProxyOfTheEnvironmentIsUsed) {
  HttpTestServer proxy(redirecting);
  HttpClient::Options with_proxy = options();
  with_proxy.environment = [&proxy](const char* name) {
    return std::string_view(name) == "http_proxy" ? proxy.url() : std::string();
  };
  HttpClient client(with_proxy);
  EXPECT_EQ(get(client, {.url = "http://nowhere.example/x"}).value(),
            "GEThttp://nowhere.example/x");
}

// ---- ends ----

TEST(HttpClientTest, BrokenServersAreErrors) {
  HttpClient client(options());
  const auto message = [&client](std::string bytes) {
    HttpTestServer server(says(std::move(bytes)));
    return error_of(get(client, {.url = server.url()})).message;
  };
  EXPECT_TRUE(message("").starts_with("ECONNRESET: "));
  EXPECT_TRUE(message("SSH-2.0-OpenSSH\r\n").starts_with("ERR_HTTP_INVALID_RESPONSE: "));
  EXPECT_TRUE(message("HTTP/1.1 200 OK\r\nContent-").starts_with("ECONNRESET: "));
  EXPECT_TRUE(
      message("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort").starts_with("ECONNRESET: "));
  EXPECT_TRUE(message("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n")
                  .starts_with("ECONNRESET: "));
  EXPECT_TRUE(message("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n") != "no error");
  EXPECT_TRUE(message("HTTP/1.1 200 OK\r\nX-Nul: a" + std::string(1, '\0') + "b\r\n\r\n") !=
              "no error");
  EXPECT_EQ(message("HTTP/1.1 200 OK\r\n\r\nuntil the end"), "no error");
}

TEST(HttpClientTest, APortWhereNobodyListensIsRefused) {
  HttpClient client(options());
  std::string url;
  {
    HttpTestServer server(redirecting);
    url = server.url();
  }
  const Error error = error_of(get(client, {.url = url}));
  EXPECT_EQ(error.code, Code::kIo);
  EXPECT_TRUE(error.message.starts_with("ECONNREFUSED: ")) << error.message;
}

/// Never answers.
After silent(const ServerRequest&, const Connection& connection) {
  connection.wait_for_end();
  return After::kClose;
}

TEST(HttpClientTest, TimeLimitsEndARequest) {
  HttpTestServer server(silent);
  HttpClient::Options impatient = options();
  impatient.idle_time_limit = 30ms;
  HttpClient idle(impatient);
  const Error nothing = error_of(get(idle, {.url = server.url()}));
  EXPECT_EQ(nothing.code, Code::kTimeout);
  EXPECT_NE(nothing.message.find("sent nothing"), std::string::npos);
  HttpClient client(options());
  const Error late = error_of(get(client, {.url = server.url(), .time_limit = 30ms}));
  EXPECT_EQ(late.code, Code::kTimeout);
  EXPECT_NE(late.message.find("time limit"), std::string::npos);
}

TEST(HttpClientTest, CancelEndsWhatWaits) {
  HttpTestServer server([](const ServerRequest& request, const Connection& connection) {
    if (request.path == "/body") {
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
    }
    return silent(request, connection);
  });
  HttpClient client(options());
  std::promise<Result<HttpHead>> head;
  const HttpClient::Id first = client.new_id();
  client.request(first, {.url = server.url("/silent")}, anybody(),
                 [&head](Result<HttpHead> value) { head.set_value(value); });
  client.cancel(first);
  EXPECT_EQ(head.get_future().get().error().code, Code::kCancelled);
  const Exchange second = send(client, {.url = server.url("/body")});
  std::future<Result<HttpChunk>> chunk = ask(client, second.id);
  client.cancel_and_wait(std::array{second.id, first, HttpClient::Id{12345}});
  ASSERT_EQ(chunk.wait_for(0s), std::future_status::ready);
  EXPECT_EQ(chunk.get().error().code, Code::kCancelled);
  EXPECT_EQ(ask(client, second.id).get().error().code, Code::kInvalidArgument);
}

TEST(HttpClientTest, TheEndOfTheClientCancels) {
  HttpTestServer server(silent);
  std::promise<Result<HttpHead>> head;
  {
    HttpClient client(options());
    client.request(client.new_id(), {.url = server.url()}, anybody(),
                   [&head](Result<HttpHead> value) { head.set_value(value); });
  }
  EXPECT_EQ(head.get_future().get().error().code, Code::kCancelled);
}

TEST(HttpClientTest, ManyRequestsAtOnce) {
  HttpTestServer server([](const ServerRequest& request, const Connection& connection) {
    connection.send(HttpTestServer::response("200 OK", request.path + std::string(3000, '.')));
    return After::kKeep;
  });
  HttpClient client(options());
  constexpr int kCount = 200;
  std::vector<std::promise<Result<HttpHead>>> heads(kCount);
  std::vector<HttpClient::Id> ids;
  for (int i = 0; i < kCount; ++i) {
    ids.push_back(client.new_id());
    client.request(ids.back(), {.url = server.url("/" + std::to_string(i))}, anybody(),
                   [&head = heads[static_cast<std::size_t>(i)]](Result<HttpHead> value) {
                     head.set_value(value);
                   });
  }
  for (int i = 0; i < kCount; ++i) {
    const auto index = static_cast<std::size_t>(i);
    const Result<HttpHead> head = heads[index].get_future().get();
    ASSERT_TRUE(head) << head.error().message;
    EXPECT_EQ(read_all(client, ids[index]).value(),
              "/" + std::to_string(i) + std::string(3000, '.'));
  }
}

TEST(HttpClientTest, RequestsHaveABound) {
  HttpTestServer server(silent);
  HttpClient::Options few = options();
  few.requests_max = 2;
  HttpClient client(few);
  const auto nothing = [](Result<HttpHead>) {};
  client.request(client.new_id(), {.url = server.url()}, anybody(), nothing);
  client.request(client.new_id(), {.url = server.url()}, anybody(), nothing);
  EXPECT_EQ(error_of(get(client, {.url = server.url()})).code, Code::kQuota);
}

TEST(HttpClientTest, WhatShouldNotBeSentIsNotSent) {
  HttpTestServer server(redirecting);
  HttpClient client(options());
  for (const HttpRequest& request :
       {HttpRequest{.url = server.url("/a b")}, HttpRequest{.method = "A B", .url = server.url()},
        HttpRequest{.url = server.url(), .headers = {{"A", "b\r\nC: d"}}}}) {
    EXPECT_EQ(error_of(get(client, request)).code, Code::kInvalidArgument);
  }
  EXPECT_EQ(server.connections(), 0);
}

TEST(CurlLibraryTest, AMissingLibraryIsNamed) {
  HttpClient::Options missing = options();
  missing.library = "libnosuchthing.so.1";
  HttpClient client(missing);
  const Error error = error_of(get(client, {.url = "http://127.0.0.1/"}));
  EXPECT_EQ(error.code, Code::kUnsupported);
  EXPECT_NE(error.message.find("libnosuchthing.so.1"), std::string::npos);
  EXPECT_EQ(ask(client, 7).get().error().code, Code::kInvalidArgument);
  EXPECT_EQ(CurlLibrary::open("libc.so.6").error().code, Code::kUnsupported);
  EXPECT_TRUE(CurlLibrary::open().has_value());
}

}  // namespace
}  // namespace isopod::os
