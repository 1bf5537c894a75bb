// SPDX-License-Identifier: MIT
#include "isopod/host.h"

#include <utility>

#include "host/host_impl.h"

namespace isopod {

Host::Host(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Host::~Host() { shutdown(); }

Result<std::unique_ptr<Host>> Host::create(HostOptions options) {
  Result<std::unique_ptr<Impl>> impl = Impl::create(std::move(options));
  if (!impl) return fail(std::move(impl.error()));
  return std::unique_ptr<Host>(new Host(*std::move(impl)));
}

ExtensionInfo Host::load(const std::string& path, Origin origin) {
  return impl_->load(path, origin);
}

std::vector<ExtensionInfo> Host::extensions() const { return impl_->extensions(); }

Result<std::string> Host::registrations(const std::string& id) const {
  return impl_->registrations(id);
}

Result<std::string> Host::inspect_statically(const std::string& path) {
  return impl_->inspect_statically(path);
}

Result<std::string> Host::call_tool(std::string_view name, std::string_view arguments_json) {
  return impl_->call_tool(name, arguments_json);
}

Result<> Host::run_command(std::string_view text) { return impl_->run_command(text); }

Result<std::string> Host::emit(std::string_view type, std::string_view event_json) {
  return impl_->emit(type, event_json);
}

HostcallFigures Host::hostcalls() const { return impl_->hostcalls(); }

void Host::shutdown() { impl_->shutdown(); }

}  // namespace isopod
