// SPDX-License-Identifier: MIT
#include "cli/session.h"

#include <unistd.h>

#include <utility>

namespace isopod::cli {

Session::Session(const Invocation& invocation, std::unique_ptr<Workspace> workspace)
    : workspace_(std::move(workspace)),
      out_(Terminal::Stream::kOut, invocation.colour),
      err_(Terminal::Stream::kErr, invocation.colour),
      log_(err_, workspace_->settings().word(settings::Key::kLogLevel)) {}

Session::~Session() {
  if (host_) host_->shutdown();
  prompts_.reset();
  scripted_.reset();
}

Result<std::unique_ptr<Session>> Session::start(const Invocation& invocation, Person person) {
  Result<std::unique_ptr<Workspace>> workspace = Workspace::find(invocation);
  if (!workspace) return fail(std::move(workspace.error()));
  auto session = std::unique_ptr<Session>(new Session(invocation, *std::move(workspace)));
  HostOptions options = session->workspace_->host_options(invocation);
  options.log = [log = &session->log_](auto level, auto source, auto text) {
    log->write(level, source, text);
  };
  if (!invocation.answers.empty()) {
    auto scripted = ScriptedAnswers::make(invocation.answers);
    if (!scripted) return fail(std::move(scripted.error()));
    session->scripted_ = *std::move(scripted);
    options.user_interface = session->scripted_.get();
  } else if (person == Person::kAsked && session->err_.is_terminal() && isatty(STDIN_FILENO) == 1) {
    auto prompts = TerminalPrompts::start(session->err_);
    if (!prompts) return fail(std::move(prompts.error()));
    session->prompts_ = *std::move(prompts);
    options.user_interface = session->prompts_.get();
  }
  for (const std::string& warning : session->workspace_->settings().warnings()) {
    session->log_.write("warn", "isopod", warning);
  }
  Result<std::unique_ptr<Host>> host = Host::create(std::move(options));
  if (!host) return fail(std::move(host.error()));
  session->host_ = *std::move(host);
  return session;
}

Result<> Session::load_extensions(const Invocation& invocation) {
  if (!invocation.extensions.empty()) {
    for (const std::string& path : invocation.extensions) static_cast<void>(host_->load(path));
    return {};
  }
  Result<Workspace::Discovered> discovered = workspace_->discover();
  if (!discovered) return fail(std::move(discovered.error()));
  for (const std::string& path : discovered->paths)
    static_cast<void>(host_->load(path, Host::Origin::kDiscovered));
  for (const std::string& path : discovered->not_loaded) {
    log_.write(
        "warn", "isopod",
        path + " comes with the project and is not loaded by itself; to load it: -e " + path);
  }
  return {};
}

Json Session::ui_record() const {
  if (scripted_) return scripted_->record();
  return prompts_ ? prompts_->record() : Json::array();
}

}  // namespace isopod::cli
