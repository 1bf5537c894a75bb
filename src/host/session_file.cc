// SPDX-License-Identifier: MIT
#include "host/session_file.h"

#include <utility>

#include "base/text.h"
#include "os/append_file.h"
#include "os/files.h"

namespace isopod::host {
namespace {

/// More lines that are wrong are only counted.
constexpr std::size_t kProblemsShown = 20;

class FileJournal final : public registry::SessionJournal {
 public:
  /// `file` is null when there is none yet.
  FileJournal(std::string path, std::unique_ptr<os::AppendFile> file)
      : path_(std::move(path)), file_(std::move(file)) {}

  Result<> append(std::string_view text) override {
    if (!file_) {
      auto made = os::AppendFile::create(path_);
      if (!made) return fail(std::move(made.error()));
      file_ = *std::move(made);
    }
    return file_->append(text);
  }

  Result<> replace(std::string_view text) override {
    // What is replaced is the file itself, not a link that leads to it.
    Result<std::string> real = os::canonical_path(path_);
    if (!real) return fail(std::move(real.error()));
    if (Result<> written = os::write_file_atomically(*real, text); !written) return written;
    auto opened = os::AppendFile::open(*real);
    if (!opened) return fail(std::move(opened.error()));
    file_ = *std::move(opened);
    return {};
  }

 private:
  const std::string path_;
  std::unique_ptr<os::AppendFile> file_;
};

Result<> expect_directory(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string directory = slash == 0 ? "/" : path.substr(0, slash);
  Result<os::FileKind> kind = os::file_kind(directory);
  if (!kind) return fail(std::move(kind.error()));
  if (*kind == os::FileKind::kDirectory) return {};
  return fail(Code::kNotFound,
              "the session cannot be kept in " + path + ": there is no directory " + directory);
}

void log_problems(const registry::Session& session, const std::string& path, LogSink& log) {
  std::size_t count = 0;
  for (const registry::SessionProblem& problem : session.problems()) {
    if (++count > kProblemsShown) continue;
    const std::string where = problem.line == 0 ? "" : " line " + std::to_string(problem.line);
    log.write(LogLevel::kWarn, "isopod",
              printable("session " + path + where + ": " + problem.message, Sgr::kDrop));
  }
  if (count <= kProblemsShown) return;
  log.write(LogLevel::kWarn, "isopod",
            "session " + path + ": " + std::to_string(count - kProblemsShown) +
                " more lines have problems");
}

/// The journal and the text of the file, where there is a file.
Result<> attach_file(const std::string& path, registry::Session::Origin& origin) {
  if (!path.starts_with('/')) {
    return fail(Code::kInvalidArgument, "not an absolute path: \"" + path + "\"");
  }
  auto opened = os::AppendFile::open(path);
  std::unique_ptr<os::AppendFile> file;
  if (opened) {
    file = *std::move(opened);
    Result<std::string> text = file->read(registry::Session::kBytesMax);
    if (!text) return fail(std::move(text.error()));
    origin.text = *std::move(text);
    Result<std::string> real_path = file->real_path();
    if (!real_path) return fail(std::move(real_path.error()));
    origin.file = *std::move(real_path);
  } else if (opened.error().code != Code::kNotFound) {
    return fail(std::move(opened.error()));
  } else if (Result<> there = expect_directory(path); !there) {
    return there;
  }
  if (origin.file.empty()) origin.file = path;
  origin.journal = std::make_unique<FileJournal>(origin.file, std::move(file));
  return {};
}

}  // namespace

Result<std::unique_ptr<registry::Session>> open_session(const SessionPlace& place,
                                                        const Clock& clock, Random& random,
                                                        LogSink& log) {
  registry::Session::Origin origin{.cwd = place.cwd};
  if (!place.file.empty()) {
    if (Result<> attached = attach_file(place.file, origin); !attached) {
      return fail(std::move(attached.error()));
    }
  }
  auto session = registry::Session::open(clock, random, std::move(origin));
  if (!session) {
    Error error = std::move(session.error());
    if (!place.file.empty()) error.message = "session " + place.file + ": " + error.message;
    return fail(std::move(error));
  }
  log_problems(**session, place.file, log);
  return session;
}

}  // namespace isopod::host
