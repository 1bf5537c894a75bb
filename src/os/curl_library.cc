// SPDX-License-Identifier: MIT
#include "os/curl_library.h"

#include <dlfcn.h>

#include <string>

namespace isopod::os {
namespace {

/// Fills one function pointer; remembers the name of the first that is not there.
template <class Function>
void find(void* library, const char* name, Function& function, std::string& missing) {
  void* const found = ::dlsym(library, name);
  if (found == nullptr && missing.empty()) missing = name;
  function = reinterpret_cast<Function>(found);
}

std::string find_all(void* library, CurlLibrary& curl) {
  std::string missing;
  find(library, "curl_easy_init", curl.easy_init, missing);
  find(library, "curl_easy_setopt", curl.easy_setopt, missing);
  find(library, "curl_easy_getinfo", curl.easy_getinfo, missing);
  find(library, "curl_easy_cleanup", curl.easy_cleanup, missing);
  find(library, "curl_easy_pause", curl.easy_pause, missing);
  find(library, "curl_easy_strerror", curl.easy_strerror, missing);
  find(library, "curl_multi_init", curl.multi_init, missing);
  find(library, "curl_multi_setopt", curl.multi_setopt, missing);
  find(library, "curl_multi_cleanup", curl.multi_cleanup, missing);
  find(library, "curl_multi_add_handle", curl.multi_add_handle, missing);
  find(library, "curl_multi_remove_handle", curl.multi_remove_handle, missing);
  find(library, "curl_multi_perform", curl.multi_perform, missing);
  find(library, "curl_multi_poll", curl.multi_poll, missing);
  find(library, "curl_multi_wakeup", curl.multi_wakeup, missing);
  find(library, "curl_multi_info_read", curl.multi_info_read, missing);
  find(library, "curl_slist_append", curl.slist_append, missing);
  find(library, "curl_slist_free_all", curl.slist_free_all, missing);
  find(library, "curl_url", curl.url, missing);
  find(library, "curl_url_set", curl.url_set, missing);
  find(library, "curl_url_get", curl.url_get, missing);
  find(library, "curl_url_cleanup", curl.url_cleanup, missing);
  find(library, "curl_free", curl.free, missing);
  return missing;
}

}  // namespace

Result<CurlLibrary> CurlLibrary::open(const char* file_name) {
  void* const library = ::dlopen(file_name, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    return fail(Code::kUnsupported, std::string("HTTP needs ") + file_name +
                                        ", which cannot be opened; install it, for example with "
                                        "`apt install libcurl4`");
  }
  CurlLibrary curl;
  const std::string missing = find_all(library, curl);
  if (!missing.empty()) {
    return fail(Code::kUnsupported, std::string("HTTP needs ") + missing + ", which " + file_name +
                                        " does not have; install version 7.80 or newer of it");
  }
  decltype(&::curl_global_init) global_init = nullptr;
  std::string no_start;
  find(library, "curl_global_init", global_init, no_start);
  if (!no_start.empty() || global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    return fail(Code::kUnsupported, std::string(file_name) + " cannot be initialised");
  }
  return curl;
}

}  // namespace isopod::os
