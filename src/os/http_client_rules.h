// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "os/http_client.h"
#include "os/http_client_url.h"

/// The rules of HTTP requests that need neither a network nor a library.
namespace isopod::os {

/// Whether two header names are one; ASCII letters of both cases are.
bool same_header(std::string_view a, std::string_view b);

/// What a request may be: a method that is a token and neither CONNECT nor TRACE, a URL that
/// `HttpUrl` reads, headers whose names are tokens and whose values hold no control character but a
/// tab. Headers that frame the message or speak to the next hop are refused, except a
/// Content-Length and a Host that say the truth. Errors: `invalid_argument`.
Result<> check_request(const HttpRequest& request);

/// Whether a header of a checked request is sent as it is; the others are the library's to write.
bool is_sent_as_given(std::string_view name);

/// What a line of a response's head says.
struct HttpStatusLine {
  int status = 0;
  std::string text = {};
};
std::optional<HttpStatusLine> parse_status_line(std::string_view line);

/// Adds a header line to what came before; a line that begins with white space continues the last
/// one, and one that is no header is left out.
void add_header_line(HttpHeaders& headers, std::string_view line);

bool is_redirect_status(int status);

/// Makes of a request the one that follows a redirect to `url`: the method and body of the Fetch
/// standard, and, for another origin, no header that carries a secret.
void redirect_request(HttpRequest& request, int status, const HttpUrl& url);

/// The proxy for a URL, as the environment names it; empty for none.
std::string proxy_for(const HttpUrl& url,
                      const std::function<std::string(const char* name)>& environment);

}  // namespace isopod::os
