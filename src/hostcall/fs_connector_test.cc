// SPDX-License-Identifier: MIT
#include "hostcall/fs_connector.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <set>
#include <vector>

#include "base/base64.h"
#include "hostcall/fs_test_support.h"

namespace isopod::hostcall {
namespace {

using namespace std::string_literals;
using enum protocol::Opcode;
using ::testing::HasSubstr;

class FsConnectorTest : public FsTest {};

TEST_F(FsConnectorTest, WritesAndReads) {
  EXPECT_EQ(
      value(kFsWrite, {{"path", at("inside/a")}, {"data", "h\u00e9llo"}, {"encoding", "utf8"}}),
      Json({{"bytes", 6}}));
  EXPECT_EQ(content("inside/a"), "h\u00e9llo");
  const Json read = value(kFsRead, {{"path", at("inside/a")}, {"encoding", "utf8"}});
  EXPECT_EQ(read, Json({{"data", "h\u00e9llo"}, {"bytes", 6}}));
  const std::string bytes = "\0\xff\x80zz"s;
  value(kFsWrite, {{"path", at("inside/a")}, {"data", to_base64(bytes)}, {"encoding", "base64"}});
  EXPECT_EQ(content("inside/a"), bytes);
  EXPECT_EQ(value(kFsRead, {{"path", at("inside/a")}, {"encoding", "base64"}})["data"],
            to_base64(bytes));
  EXPECT_EQ(value(kFsRead, {{"path", at("inside/a")}, {"encoding", "utf8"}}),
            Json({{"data", "\0\uFFFD\uFFFDzz"s}, {"bytes", 5}}));
}

TEST_F(FsConnectorTest, WriteFlagsAppendKeepAndExclude) {
  const auto write_with = [&](int flags, const char* data) {
    return Json{{"path", at("inside/a")}, {"data", data}, {"encoding", "utf8"}, {"flags", flags}};
  };
  value(kFsWrite, write_with(O_CREAT | O_APPEND, "one"));
  value(kFsWrite, write_with(O_CREAT | O_APPEND | O_WRONLY, "two"));
  EXPECT_EQ(content("inside/a"), "onetwo");
  value(kFsWrite, write_with(O_RDWR, "1"));
  EXPECT_EQ(content("inside/a"), "1netwo");
  EXPECT_EQ(error(Code::kIo, kFsWrite, write_with(O_CREAT | O_EXCL, "x")),
            "EEXIST: file already exists, open '" + at("inside/a") + "'");
  EXPECT_EQ(error(Code::kNotFound, kFsWrite,
                  {{"path", at("inside/no")}, {"data", ""}, {"encoding", "utf8"}, {"flags", 0}}),
            "ENOENT: no such file or directory, open '" + at("inside/no") + "'");
  Json at_offset = write_with(O_WRONLY, "##");
  at_offset["offset"] = 2;
  value(kFsWrite, at_offset);
  EXPECT_EQ(content("inside/a"), "1n##wo");
}

TEST_F(FsConnectorTest, ANewFileHasItsMode) {
  const auto mask = ::umask(022);
  value(kFsWrite,
        {{"path", at("inside/a")}, {"data", ""}, {"encoding", "utf8"}, {"mode", 0100777}});
  ::umask(mask);
  EXPECT_EQ(value(kFsStat, {{"path", at("inside/a")}})["mode"], 0100755);
}

TEST_F(FsConnectorTest, ReadsWithinTheLimitAndLargerFilesInParts) {
  write("inside/big", std::string(kPayloadMax, 'x') + "tail");
  const Json whole = {{"path", at("inside/big")}, {"encoding", "utf8"}};
  EXPECT_THAT(error(Code::kPayloadTooLarge, kFsRead, whole),
              HasSubstr("64 KiB (ext.limits.payload_kb); read it in parts"));
  Json part = whole;
  part["offset"] = kPayloadMax;
  EXPECT_EQ(value(kFsRead, part)["data"], "tail");
  part["offset"] = kPayloadMax - 2;
  part["length"] = 3;
  EXPECT_EQ(value(kFsRead, part)["data"], "xxt");
  part["encoding"] = "base64";
  part["offset"] = 0;
  part["length"] = kPayloadMax - 2048;  // fits as it is, not in base64
  error(Code::kPayloadTooLarge, kFsRead, part);
  part["length"] = 0;
  EXPECT_EQ(value(kFsRead, part), Json({{"data", ""}, {"bytes", 0}}));
}

TEST_F(FsConnectorTest, ErrorsOfReadingAndWritingAreThoseOfNode) {
  const auto read = [&](const std::string& name) {
    return Json{{"path", at(name)}, {"encoding", "utf8"}};
  };
  write("inside/f", "");
  EXPECT_EQ(error(Code::kNotFound, kFsRead, read("inside/no")),
            "ENOENT: no such file or directory, open '" + at("inside/no") + "'");
  EXPECT_EQ(error(Code::kIo, kFsRead, read("inside/f/x")),
            "ENOTDIR: not a directory, open '" + at("inside/f/x") + "'");
  EXPECT_EQ(error(Code::kIo, kFsRead, read("inside")),
            "EISDIR: illegal operation on a directory, read");
  EXPECT_EQ(
      error(Code::kIo, kFsWrite, {{"path", at("inside")}, {"data", ""}, {"encoding", "utf8"}}),
      "EISDIR: illegal operation on a directory, open '" + at("inside") + "'");
  EXPECT_EQ(error(Code::kIo, kFsRead, read("inside/" + std::string(300, 'n'))),
            "ENAMETOOLONG: name too long, open '" + at("inside/") + std::string(300, 'n') + "'");
  link("loop", "inside/loop");
  EXPECT_EQ(error(Code::kIo, kFsRead, read("inside/loop")),
            "ELOOP: too many symbolic links encountered, open '" + at("inside/loop") + "'");
}

TEST_F(FsConnectorTest, PipesAreRefusedAndNeverWaitedFor) {
  ASSERT_EQ(::mkfifo(at("inside/pipe").c_str(), 0600), 0);
  const std::string message = "cannot open '" + at("inside/pipe") +
                              "': it is a pipe, and only regular files can be opened here";
  EXPECT_EQ(error(Code::kUnsupported, kFsRead, {{"path", at("inside/pipe")}, {"encoding", "utf8"}}),
            message);
  EXPECT_EQ(error(Code::kUnsupported, kFsOpen, {{"path", at("inside/pipe")}, {"flags", O_WRONLY}}),
            message);
  EXPECT_EQ(value(kFsStat, {{"path", at("inside/pipe")}})["mode"].get<unsigned>() & S_IFMT,
            static_cast<unsigned>(S_IFIFO));
}

TEST_F(FsConnectorTest, StatTellsTheFactsOfAFileOrItsLink) {
  write("inside/a", "12345");
  link("a", "inside/l");
  struct stat expected = {};
  ASSERT_EQ(::stat(at("inside/a").c_str(), &expected), 0);
  const Json status = value(kFsStat, {{"path", at("inside/l")}});
  EXPECT_EQ(status["ino"], expected.st_ino);
  EXPECT_EQ(status["dev"], expected.st_dev);
  EXPECT_EQ(status["size"], 5);
  EXPECT_EQ(status["nlink"], 1);
  EXPECT_EQ(json_string(status, "mtime_ns"),
            std::to_string(expected.st_mtim.tv_sec * 1'000'000'000 + expected.st_mtim.tv_nsec));
  EXPECT_EQ(status.size(), 14U);
  const Json own = value(kFsStat, {{"path", at("inside/l")}, {"follow", false}});
  EXPECT_EQ(own["mode"].get<unsigned>() & S_IFMT, static_cast<unsigned>(S_IFLNK));
  EXPECT_EQ(error(Code::kNotFound, kFsStat, {{"path", at("inside/no")}}),
            "ENOENT: no such file or directory, stat '" + at("inside/no") + "'");
  EXPECT_EQ(error(Code::kNotFound, kFsStat, {{"path", at("inside/no")}, {"follow", false}}),
            "ENOENT: no such file or directory, lstat '" + at("inside/no") + "'");
  EXPECT_TRUE(value(kFsStat, {{"path", at("inside/no")}, {"optional", true}}).is_null());
  EXPECT_TRUE(value(kFsStat, {{"path", at("inside/a/b")}, {"optional", true}}).is_null());
}

TEST_F(FsConnectorTest, AccessChecksTheModeAndPolicy) {
  write("inside/a", "");
  write("readonly/a", "");
  EXPECT_TRUE(value(kFsAccess, {{"path", at("inside/a")}, {"mode", 6}}).is_null());
  EXPECT_EQ(error(Code::kIo, kFsAccess, {{"path", at("inside/a")}, {"mode", 1}}),
            "EACCES: permission denied, access '" + at("inside/a") + "'");
  EXPECT_EQ(error(Code::kNotFound, kFsAccess, {{"path", at("inside/no")}}),
            "ENOENT: no such file or directory, access '" + at("inside/no") + "'");
  value(kFsAccess, {{"path", at("readonly/a")}, {"mode", 4}});
  EXPECT_EQ(error(Code::kDenied, kFsAccess, {{"path", at("readonly/a")}, {"mode", 2}}),
            "write denied: " + at("readonly/a"));
}

TEST_F(FsConnectorTest, ListsAFolderAndATree) {
  std::filesystem::create_directories(at("inside/d/e"));
  write("inside/d/e/f", "");
  link("/", "inside/d/l");
  const auto names = [&](const Json& list) {
    std::set<std::string> all;
    for (const Json& entry : list)
      all.insert(json_string(entry, "name") + ":" + json_string(entry, "type"));
    return all;
  };
  EXPECT_EQ(names(value(kFsList, {{"path", at("inside/d")}})),
            (std::set<std::string>{"e:directory", "l:link"}));
  EXPECT_EQ(names(value(kFsList, {{"path", at("inside")}, {"recursive", true}})),
            (std::set<std::string>{"d:directory", "d/e:directory", "d/l:link", "d/e/f:file"}));
  EXPECT_EQ(error(Code::kIo, kFsList, {{"path", at("inside/d/e/f")}}),
            "ENOTDIR: not a directory, scandir '" + at("inside/d/e/f") + "'");
  EXPECT_EQ(error(Code::kNotFound, kFsList, {{"path", at("inside/no")}}),
            "ENOENT: no such file or directory, scandir '" + at("inside/no") + "'");
  for (int i = 0; i < 1500; ++i) write("inside/d/e/a-rather-long-name-" + std::to_string(i), "");
  EXPECT_THAT(error(Code::kPayloadTooLarge, kFsList, {{"path", at("inside")}, {"recursive", true}}),
              HasSubstr("listing '" + at("inside") + "' gives more than fits"));
}

TEST_F(FsConnectorTest, MakesDirectories) {
  EXPECT_EQ(value(kFsMakeDirectory, {{"path", at("inside/d")}}), at("inside/d"));
  EXPECT_EQ(error(Code::kIo, kFsMakeDirectory, {{"path", at("inside/d")}}),
            "EEXIST: file already exists, mkdir '" + at("inside/d") + "'");
  EXPECT_EQ(error(Code::kNotFound, kFsMakeDirectory, {{"path", at("inside/x/y")}}),
            "ENOENT: no such file or directory, mkdir '" + at("inside/x/y") + "'");
  EXPECT_EQ(value(kFsMakeDirectory, {{"path", at("inside/x/y/z")}, {"recursive", true}}),
            at("inside/x"));
  EXPECT_TRUE(std::filesystem::is_directory(at("inside/x/y/z")));
  EXPECT_TRUE(value(kFsMakeDirectory, {{"path", at("inside/x")}, {"recursive", true}}).is_null());
  write("inside/f", "");
  EXPECT_EQ(error(Code::kIo, kFsMakeDirectory, {{"path", at("inside/f")}, {"recursive", true}}),
            "EEXIST: file already exists, mkdir '" + at("inside/f") + "'");
  EXPECT_EQ(error(Code::kIo, kFsMakeDirectory, {{"path", at("inside/f/g/h")}, {"recursive", true}}),
            "ENOTDIR: not a directory, mkdir '" + at("inside/f/g/h") + "'");
}

TEST_F(FsConnectorTest, MakesTemporaryDirectories) {
  const std::string first =
      value(kFsMakeTemporary, {{"prefix", at("inside/t-")}}).get<std::string>();
  const std::string second =
      value(kFsMakeTemporary, {{"prefix", at("inside/t-")}}).get<std::string>();
  EXPECT_NE(first, second);
  EXPECT_EQ(first.size(), at("inside/t-").size() + 6);
  EXPECT_TRUE(std::filesystem::is_directory(first));
  EXPECT_EQ(value(kFsStat, {{"path", first}})["mode"], 040700);
  EXPECT_EQ(error(Code::kNotFound, kFsMakeTemporary, {{"prefix", at("inside/no/t")}}),
            "ENOENT: no such file or directory, mkdtemp '" + at("inside/no/tXXXXXX") + "'");
  error(Code::kDenied, kFsMakeTemporary, {{"prefix", at("outside/t")}});
}

TEST_F(FsConnectorTest, RemovesFilesFoldersAndTrees) {
  const auto remove = [&](const std::string& name, const char* kind) {
    return Json{{"path", at(name)}, {"kind", kind}};
  };
  write("inside/f", "");
  std::filesystem::create_directories(at("inside/d/e/g"));
  write("inside/d/e/f", "");
  link(at("outside"), "inside/d/out");
  EXPECT_EQ(error(Code::kIo, kFsRemove, remove("inside/d", "file")),
            "EISDIR: illegal operation on a directory, unlink '" + at("inside/d") + "'");
  EXPECT_EQ(error(Code::kIo, kFsRemove, remove("inside/f", "directory")),
            "ENOTDIR: not a directory, rmdir '" + at("inside/f") + "'");
  EXPECT_EQ(error(Code::kIo, kFsRemove, remove("inside/d", "directory")),
            "ENOTEMPTY: directory not empty, rmdir '" + at("inside/d") + "'");
  EXPECT_EQ(error(Code::kIo, kFsRemove, remove("inside/d", "any")),
            "EISDIR: illegal operation on a directory, rm '" + at("inside/d") + "'");
  EXPECT_EQ(error(Code::kNotFound, kFsRemove, remove("inside/no", "any")),
            "ENOENT: no such file or directory, rm '" + at("inside/no") + "'");
  value(kFsRemove, remove("inside/f", "file"));
  value(kFsRemove, remove("inside/d/e/g", "directory"));
  Json tree = remove("inside/d", "any");
  tree["recursive"] = true;
  value(kFsRemove, tree);
  EXPECT_FALSE(exists("inside/d") || exists("inside/f"));
  EXPECT_EQ(content("outside/secret"), "SECRET");
  tree["force"] = true;
  EXPECT_TRUE(value(kFsRemove, tree).is_null());
}

TEST_F(FsConnectorTest, RenamesWithinAndRefusesOutside) {
  write("inside/a", "x");
  value(kFsRename, {{"from", at("inside/a")}, {"to", at("inside/b")}});
  EXPECT_EQ(content("inside/b"), "x");
  EXPECT_EQ(error(Code::kNotFound, kFsRename, {{"from", at("inside/a")}, {"to", at("inside/c")}}),
            "ENOENT: no such file or directory, rename '" + at("inside/a") + "' -> '" +
                at("inside/c") + "'");
  EXPECT_EQ(error(Code::kDenied, kFsRename, {{"from", at("inside/b")}, {"to", at("outside/b")}}),
            "write denied: " + at("outside/b"));
  EXPECT_EQ(
      error(Code::kDenied, kFsRename, {{"from", at("outside/secret")}, {"to", at("inside/s")}}),
      "write denied: " + at("outside/secret"));
  write("drop/d", "may not be read");
  EXPECT_EQ(error(Code::kDenied, kFsRename, {{"from", at("drop/d")}, {"to", at("inside/d")}}),
            "read denied: " + at("drop/d"));
  value(kFsRename, {{"from", at("drop/d")}, {"to", at("drop/e")}});
  EXPECT_TRUE(exists("drop/e"));
}

TEST_F(FsConnectorTest, CopiesOneFile) {
  write("readonly/a", "content");
  ::chmod(at("readonly/a").c_str(), 0640);
  value(kFsCopy, {{"from", at("readonly/a")}, {"to", at("inside/b")}});
  EXPECT_EQ(content("inside/b"), "content");
  EXPECT_EQ(value(kFsStat, {{"path", at("inside/b")}})["mode"], 0100640);
  write("readonly/a", "new");
  value(kFsCopy, {{"from", at("readonly/a")}, {"to", at("inside/b")}});
  EXPECT_EQ(content("inside/b"), "new");
  value(kFsCopy, {{"from", at("inside/b")}, {"to", at("inside/b")}});
  EXPECT_EQ(content("inside/b"), "new");
  const std::string both = "copyfile '" + at("readonly/a") + "' -> '" + at("inside/b") + "'";
  EXPECT_EQ(error(Code::kIo, kFsCopy,
                  {{"from", at("readonly/a")}, {"to", at("inside/b")}, {"exclusive", true}}),
            "EEXIST: file already exists, " + both);
  EXPECT_EQ(error(Code::kIo, kFsCopy, {{"from", at("inside")}, {"to", at("inside/c")}}),
            "EISDIR: illegal operation on a directory, copyfile '" + at("inside") + "' -> '" +
                at("inside/c") + "'");
  EXPECT_EQ(error(Code::kDenied, kFsCopy, {{"from", at("outside/secret")}, {"to", at("inside/c")}}),
            "read denied: " + at("outside/secret"));
  EXPECT_FALSE(exists("inside/c"));
}

TEST_F(FsConnectorTest, MakesAndReadsLinks) {
  value(kFsSymlink, {{"target", "any where"}, {"path", at("inside/l")}});
  EXPECT_EQ(value(kFsReadLink, {{"path", at("inside/l")}}), "any where");
  EXPECT_EQ(error(Code::kIo, kFsSymlink, {{"target", "x"}, {"path", at("inside/l")}}),
            "EEXIST: file already exists, symlink 'x' -> '" + at("inside/l") + "'");
  write("inside/a", "x");
  EXPECT_EQ(error(Code::kIo, kFsReadLink, {{"path", at("inside/a")}}),
            "EINVAL: invalid argument, readlink '" + at("inside/a") + "'");
  value(kFsLink, {{"from", at("inside/a")}, {"to", at("inside/b")}});
  EXPECT_EQ(value(kFsStat, {{"path", at("inside/b")}})["nlink"], 2);
  error(Code::kDenied, kFsLink, {{"from", at("outside/secret")}, {"to", at("inside/c")}});
  write("readonly/a", "");
  EXPECT_EQ(error(Code::kDenied, kFsLink, {{"from", at("readonly/a")}, {"to", at("inside/c")}}),
            "write denied: " + at("readonly/a"));
  link("a", "inside/to_a");
  EXPECT_EQ(value(kFsRealPath, {{"path", at("inside/x/../to_a")}}), at("inside/a"));
  EXPECT_EQ(error(Code::kNotFound, kFsRealPath, {{"path", at("inside/no")}}),
            "ENOENT: no such file or directory, realpath '" + at("inside/no") + "'");
}

TEST_F(FsConnectorTest, ChangesModeTimesAndLength) {
  write("inside/a", "12345");
  link("a", "inside/l");
  value(kFsChange, {{"path", at("inside/l")}, {"mode", 0600}});
  value(kFsChange, {{"path", at("inside/a")}, {"atime_ms", 1500.25}, {"mtime_ms", -1.5}});
  const Json status = value(kFsStat, {{"path", at("inside/a")}});
  EXPECT_EQ(status["mode"], 0100600);
  EXPECT_EQ(status["atime_ns"], "1500250000");
  EXPECT_EQ(status["mtime_ns"], "-1500000");
  value(kFsChange, {{"path", at("inside/l")}, {"mtime_ms", 7000}, {"follow", false}});
  EXPECT_EQ(value(kFsStat, {{"path", at("inside/l")}, {"follow", false}})["mtime_ns"],
            "7000000000");
  EXPECT_EQ(value(kFsStat, {{"path", at("inside/a")}})["mtime_ns"], "-1500000");
  EXPECT_EQ(error(Code::kNotFound, kFsChange, {{"path", at("inside/no")}, {"mode", 0}}),
            "ENOENT: no such file or directory, chmod '" + at("inside/no") + "'");
  EXPECT_EQ(error(Code::kNotFound, kFsChange,
                  {{"path", at("inside/no")}, {"mtime_ms", 0}, {"follow", false}}),
            "ENOENT: no such file or directory, lutime '" + at("inside/no") + "'");
  value(kFsTruncate, {{"path", at("inside/a")}, {"length", 2}});
  EXPECT_EQ(content("inside/a"), "12");
  EXPECT_EQ(error(Code::kNotFound, kFsTruncate, {{"path", at("inside/no")}, {"length", 2}}),
            "ENOENT: no such file or directory, open '" + at("inside/no") + "'");
}

// ---- handles ----

TEST_F(FsConnectorTest, AHandleReadsAndWritesWhereItStands) {
  const Json opened = value(kFsOpen, {{"path", at("inside/a")}, {"flags", O_RDWR | O_CREAT}});
  const Json handle = opened["handle"];
  value(kFsWrite, {{"handle", handle}, {"data", "hello "}, {"encoding", "utf8"}});
  value(kFsWrite, {{"handle", handle}, {"data", "world"}, {"encoding", "utf8"}});
  EXPECT_EQ(value(kFsRead, {{"handle", handle}, {"encoding", "utf8"}})["bytes"], 0);
  EXPECT_EQ(value(kFsRead, {{"handle", handle}, {"encoding", "utf8"}, {"offset", 6}})["data"],
            "world");
  value(kFsWrite, {{"handle", handle}, {"data", "J"}, {"encoding", "utf8"}, {"offset", 0}});
  EXPECT_EQ(value(kFsStat, {{"handle", handle}})["size"], 11);
  value(kFsSync, {{"handle", handle}});
  value(kFsTruncate, {{"handle", handle}, {"length", 5}});
  value(kFsChange, {{"handle", handle}, {"mode", 0600}});
  EXPECT_EQ(content("inside/a"), "Jello");
  value(kFsClose, {{"handle", handle}});
  EXPECT_EQ(error(Code::kInvalidArgument, kFsRead, {{"handle", handle}, {"encoding", "utf8"}}),
            "fs.read: there is no open file " + handle.dump());
  error(Code::kInvalidArgument, kFsClose, {{"handle", handle}});
  const Json again = value(kFsOpen, {{"path", at("inside/a")}, {"flags", O_RDONLY}});
  EXPECT_NE(again["handle"], handle);
  EXPECT_EQ(
      value(kFsRead, {{"handle", again["handle"]}, {"encoding", "utf8"}, {"length", 2}})["data"],
      "Je");
  EXPECT_EQ(value(kFsRead, {{"handle", again["handle"]}, {"encoding", "utf8"}})["data"], "llo");
}

TEST_F(FsConnectorTest, AReadThatIsTooLargeDoesNotMoveAHandle) {
  write("inside/big", std::string(kPayloadMax, 'x') + "tail");
  const Json handle = value(kFsOpen, {{"path", at("inside/big")}, {"flags", O_RDONLY}})["handle"];
  error(Code::kPayloadTooLarge, kFsRead, {{"handle", handle}, {"encoding", "utf8"}});
  EXPECT_EQ(value(kFsRead, {{"handle", handle}, {"encoding", "utf8"}, {"length", 100}})["bytes"],
            100);
  const Json zeros = value(kFsOpen, {{"path", at("inside/big")}, {"flags", O_RDONLY}})["handle"];
  EXPECT_EQ(value(kFsRead, {{"handle", zeros}, {"encoding", "utf8"}, {"length", 1}})["data"], "x");
}

TEST_F(FsConnectorTest, HandlesDoWhatTheyWereOpenedFor) {
  write("inside/a", "x");
  write("readonly/a", "x");
  const Json reading = value(kFsOpen, {{"path", at("readonly/a")}, {"flags", O_RDONLY}})["handle"];
  EXPECT_EQ(error(Code::kIo, kFsWrite, {{"handle", reading}, {"data", "y"}, {"encoding", "utf8"}}),
            "EBADF: bad file descriptor, write");
  EXPECT_EQ(error(Code::kIo, kFsTruncate, {{"handle", reading}, {"length", 0}}),
            "EINVAL: invalid argument, ftruncate");
  EXPECT_EQ(error(Code::kDenied, kFsChange, {{"handle", reading}, {"mode", 0777}}),
            "write denied: " + at("readonly/a"));
  const Json writing = value(kFsOpen, {{"path", at("inside/a")}, {"flags", O_WRONLY}})["handle"];
  EXPECT_EQ(error(Code::kIo, kFsRead, {{"handle", writing}, {"encoding", "utf8"}}),
            "EBADF: bad file descriptor, read");
}

TEST_F(FsConnectorTest, OpeningNeedsWhatItsFlagsMean) {
  write("readonly/a", "x");
  write("drop/a", "x");
  const auto open = [&](const std::string& name, int flags) {
    return Json{{"path", at(name)}, {"flags", flags}};
  };
  for (const int flags : {O_WRONLY, O_RDWR, O_RDONLY | O_CREAT, O_RDONLY | O_TRUNC}) {
    EXPECT_EQ(error(Code::kDenied, kFsOpen, open("readonly/a", flags)),
              "write denied: " + at("readonly/a"));
  }
  EXPECT_EQ(error(Code::kDenied, kFsOpen, open("drop/a", O_RDWR)), "read denied: " + at("drop/a"));
  value(kFsOpen, open("drop/a", O_WRONLY));
  EXPECT_EQ(content("readonly/a"), "x");
  for (const int flags : {O_PATH, O_TMPFILE | O_RDWR, 3, O_ASYNC}) {
    EXPECT_EQ(error(Code::kInvalidArgument, kFsOpen, open("inside/a", flags)),
              "fs.open: flags holds bits that are not supported here");
  }
}

TEST_F(FsConnectorTest, HandlesBelongToOneExtensionAndEndWithIt) {
  write("inside/a", "x");
  const auto descriptors = [] { return os::list_directory("/proc/self/fd")->size(); };
  const std::size_t before = descriptors();
  const Json handle = value(kFsOpen, {{"path", at("inside/a")}, {"flags", O_RDONLY}})["handle"];
  EXPECT_EQ(descriptors(), before + 1);
  error(Code::kInvalidArgument, kFsRead, {{"handle", handle}, {"encoding", "utf8"}}, "two");
  error(Code::kInvalidArgument, kFsClose, {{"handle", handle}}, "two");
  connector_->release(caller_of("two"));
  EXPECT_EQ(value(kFsRead, {{"handle", handle}, {"encoding", "utf8"}})["data"], "x");
  connector_->release(caller_of("one"));
  EXPECT_EQ(descriptors(), before);
}

TEST_F(FsConnectorTest, HandlesAreBounded) {
  write("inside/a", "x");
  const Json open = {{"path", at("inside/a")}, {"flags", O_RDONLY}};
  for (std::size_t i = 0; i < FsOwner::kHandlesMax; ++i) {
    const protocol::Outcome outcome = call(kFsOpen, open);
    // The machine's own bound may come first; its error is the same.
    if (outcome.status != protocol::Status::kOk) break;
  }
  EXPECT_EQ(error(Code::kIo, kFsOpen, open),
            "EMFILE: too many open files, open '" + at("inside/a") + "'");
}

TEST_F(FsConnectorTest, WritesAtOnceToOneHandleDoNotMix) {
  const Json handle =
      value(kFsOpen, {{"path", at("inside/a")}, {"flags", O_WRONLY | O_CREAT}})["handle"];
  std::vector<std::future<protocol::Outcome>> all;
  for (int i = 0; i < 200; ++i) {
    const std::string line = std::string(50, static_cast<char>('a' + i % 26)) + "\n";
    all.push_back(begin(kFsWrite, {{"handle", handle}, {"data", line}, {"encoding", "utf8"}}));
  }
  for (auto& one : all) EXPECT_EQ(one.get().status, protocol::Status::kOk);
  std::ifstream file(at("inside/a"));
  int lines = 0;
  for (std::string line; std::getline(file, line); ++lines) {
    EXPECT_EQ(line, std::string(50, line[0]));
  }
  EXPECT_EQ(lines, 200);
}

// ---- policy ----

TEST_F(FsConnectorTest, LinksAreJudgedByWhereTheyLead) {
  link(at("outside/secret"), "inside/file");
  link(at("outside"), "inside/folder");
  for (const char* name : {"inside/file", "inside/folder/secret"}) {
    const std::string denied = "read denied: " + at("outside/secret");
    EXPECT_EQ(error(Code::kDenied, kFsRead, {{"path", at(name)}, {"encoding", "utf8"}}), denied);
    EXPECT_EQ(error(Code::kDenied, kFsOpen, {{"path", at(name)}, {"flags", O_RDONLY}}), denied);
    EXPECT_EQ(error(Code::kDenied, kFsStat, {{"path", at(name)}}), denied);
    EXPECT_EQ(error(Code::kDenied, kFsAccess, {{"path", at(name)}}), denied);
    EXPECT_EQ(error(Code::kDenied, kFsRealPath, {{"path", at(name)}}), denied);
    EXPECT_EQ(error(Code::kDenied, kFsCopy, {{"from", at(name)}, {"to", at("inside/c")}}), denied);
    const std::string kept = "write denied: " + at("outside/secret");
    EXPECT_EQ(
        error(Code::kDenied, kFsWrite, {{"path", at(name)}, {"data", ""}, {"encoding", "utf8"}}),
        kept);
    EXPECT_EQ(error(Code::kDenied, kFsTruncate, {{"path", at(name)}, {"length", 0}}), kept);
    EXPECT_EQ(error(Code::kDenied, kFsChange, {{"path", at(name)}, {"mode", 0}}), kept);
  }
  EXPECT_EQ(error(Code::kDenied, kFsList, {{"path", at("inside/folder")}}),
            "read denied: " + at("outside"));
  const std::string made = "write denied: " + at("outside/new");
  EXPECT_EQ(error(Code::kDenied, kFsMakeDirectory, {{"path", at("inside/folder/new")}}), made);
  EXPECT_EQ(error(Code::kDenied, kFsMakeDirectory,
                  {{"path", at("inside/folder/new/er")}, {"recursive", true}}),
            made);
  EXPECT_EQ(error(Code::kDenied, kFsSymlink, {{"target", "x"}, {"path", at("inside/folder/new")}}),
            made);
  EXPECT_EQ(
      error(Code::kDenied, kFsRemove, {{"path", at("inside/folder/secret")}, {"kind", "file"}}),
      "write denied: " + at("outside/secret"));
  value(kFsStat, {{"path", at("inside/file")}, {"follow", false}});
  value(kFsRemove, {{"path", at("inside/file")}, {"kind", "any"}, {"recursive", true}});
  value(kFsRemove, {{"path", at("inside/folder")}, {"kind", "any"}, {"recursive", true}});
  EXPECT_EQ(content("outside/secret"), "SECRET");
}

TEST_F(FsConnectorTest, DanglingLinksCreateOnlyWhatMayBeWritten) {
  link(at("outside/new"), "inside/out");
  link("deeper", "inside/in");
  link(at("outside"), "inside/folder");
  link("folder/new", "inside/indirect");
  const auto write_to = [&](const char* name) {
    return Json{{"path", at(name)}, {"data", "x"}, {"encoding", "utf8"}};
  };
  for (const char* name : {"inside/out", "inside/indirect"}) {
    EXPECT_EQ(error(Code::kDenied, kFsWrite, write_to(name)), "write denied: " + at("outside/new"));
  }
  EXPECT_FALSE(exists("outside/new"));
  value(kFsWrite, write_to("inside/in"));
  EXPECT_EQ(content("inside/deeper"), "x");
}

TEST_F(FsConnectorTest, WhatExistsOutsideIsNotTold) {
  link(at("outside/absent"), "inside/a");
  link(at("outside/secret/below"), "inside/b");
  link(at("outside"), "inside/folder");
  for (const char* name : {"inside/a", "inside/b", "inside/folder/absent", "inside/folder/x/y"}) {
    EXPECT_THAT(error(Code::kDenied, kFsStat, {{"path", at(name)}, {"optional", true}}),
                HasSubstr("read denied: " + at("outside/")));
  }
}

TEST_F(FsConnectorTest, TreesStopAtFoldersThatPolicyProtects) {
  std::filesystem::create_directories(at("inside/d/keep"));
  write("inside/d/keep/f", "");
  const std::string kept = at("inside/d/keep");
  connector_ = std::make_unique<FsConnector>(
      FsConnector::Options{},
      [&](const Caller&, protocol::Capability capability, const std::string& path) -> Result<> {
        if (path.starts_with(kept)) return fail(Code::kDenied, "protected: " + path);
        return judge(capability, path);
      });
  EXPECT_EQ(error(Code::kDenied, kFsRemove,
                  {{"path", at("inside/d")}, {"kind", "any"}, {"recursive", true}}),
            "protected: " + kept);
  EXPECT_TRUE(exists("inside/d/keep/f"));
  EXPECT_EQ(value(kFsList, {{"path", at("inside")}, {"recursive", true}}).size(), 2U);
}

TEST_F(FsConnectorTest, MagicLinksAndMemoryOfProcessesAreClosed) {
  connector_ = std::make_unique<FsConnector>(
      FsConnector::Options{},
      [](const Caller&, protocol::Capability, const std::string&) -> Result<> { return {}; });
  const auto read = [&](const std::string& path) {
    std::promise<protocol::Outcome> ended;
    connector_->start(
        caller_of("one"), {1, kFsRead, {{"path", path}, {"encoding", "utf8"}}, 0},
        Completion([&](protocol::Outcome outcome) { ended.set_value(std::move(outcome)); }));
    return ended.get_future().get();
  };
  const std::string own = "/proc/" + std::to_string(::getpid());
  EXPECT_EQ(read("/proc/self/environ").code, Code::kDenied);
  EXPECT_EQ(read(own + "/mem").code, Code::kDenied);
  EXPECT_EQ(read("/proc/self/fd/0").message,
            "ELOOP: too many symbolic links encountered, open '/proc/self/fd/0'");
  EXPECT_EQ(read("/proc/self/root" + at("outside/secret")).code, Code::kIo);
  EXPECT_THAT(json_string(read("/proc/self/status").value, "data"), HasSubstr("Pid:"));
  EXPECT_EQ(json_string(read("/dev/null").value, "data"), "");
  EXPECT_EQ(read("/dev/zero").code, Code::kPayloadTooLarge);
}

// ---- hostile arguments, floods ----

TEST_F(FsConnectorTest, HostileArgumentsNameTheirField) {
  const std::vector<Json> wrong = {1,     -1, 1.5,    true, Json::array({1}), Json::object(),
                                   "rel", "", "a\0b"s};
  for (const auto& info : protocol::opcodes()) {
    if (!info.name.starts_with("fs.")) continue;
    for (const Json& arguments : {Json(nullptr), Json("x"), Json::array(), Json::object()}) {
      EXPECT_THAT(error(Code::kInvalidArgument, info.opcode, arguments),
                  HasSubstr(std::string(info.name) + ": "));
    }
    for (const Json& value : wrong) {
      const Json arguments = {{"path", value},   {"from", value},  {"to", value},
                              {"handle", value}, {"watch", value}, {"prefix", value},
                              {"flags", value}};
      error(Code::kInvalidArgument, info.opcode, arguments);
    }
  }
}

TEST_F(FsConnectorTest, EachFieldIsChecked) {
  const auto message = [&](protocol::Opcode opcode, Json more) {
    Json arguments = {{"path", at("inside/a")}};
    for (const auto& [name, given] : more.items()) arguments[name] = given;
    return error(Code::kInvalidArgument, opcode, arguments);
  };
  EXPECT_EQ(message(kFsRead, {}), "fs.read: encoding must be a string; it is missing");
  EXPECT_EQ(message(kFsRead, {{"encoding", "utf16"}}),
            "fs.read: encoding must be \"utf8\" or \"base64\"");
  EXPECT_EQ(message(kFsRead, {{"encoding", "utf8"}, {"offset", -1}}),
            "fs.read: offset must be a whole number from 0 to 9007199254740991");
  EXPECT_EQ(message(kFsRead, {{"encoding", "utf8"}, {"length", 1.5}}),
            "fs.read: length must be a whole number from 0 to 9007199254740991");
  EXPECT_EQ(message(kFsRead, {{"encoding", "utf8"}, {"length", "5"}}),
            "fs.read: length must be a number; it is a string");
  EXPECT_EQ(message(kFsWrite, {{"encoding", "base64"}, {"data", "a$"}}),
            "fs.write: data is no base64");
  EXPECT_EQ(message(kFsWrite, {{"encoding", "utf8"}, {"data", Json::array()}}),
            "fs.write: data must be a string; it is a array");
  EXPECT_EQ(message(kFsStat, {{"follow", 1}}),
            "fs.stat: follow must be true or false; it is a number");
  EXPECT_EQ(message(kFsRemove, {{"kind", "all"}}),
            "fs.remove: kind must be \"file\", \"directory\" or \"any\"");
  EXPECT_EQ(message(kFsAccess, {{"mode", 8}}),
            "fs.access: mode must be a whole number from 0 to 7");
  EXPECT_EQ(message(kFsChange, {}), "fs.change: mode, atime_ms or mtime_ms must be given");
  EXPECT_EQ(message(kFsChange, {{"mtime_ms", 1e300}}), "fs.change: mtime_ms is out of range");
  EXPECT_EQ(message(kFsStat, {{"path", "rel"}}), "fs.stat: path must be an absolute path");
  EXPECT_EQ(message(kFsTruncate, {}), "fs.truncate: length must be a number; it is missing");
  EXPECT_FALSE(exists("inside/a"));
}

TEST_F(FsConnectorTest, AFloodEndsInBackpressureAndEveryCallEnds) {
  write("inside/a", "x");
  make_connector({.payload_bytes_max = kPayloadMax, .pool = {.threads_max = 1, .queue_max = 8}});
  std::vector<std::future<protocol::Outcome>> all;
  for (int i = 0; i < 2000; ++i) {
    all.push_back(begin(kFsRead, {{"path", at("inside/a")}, {"encoding", "utf8"}}));
  }
  int served = 0;
  for (auto& one : all) {
    const protocol::Outcome outcome = one.get();
    if (outcome.status == protocol::Status::kOk) {
      ++served;
    } else {
      EXPECT_EQ(outcome.code, Code::kBackpressure);
    }
  }
  EXPECT_GT(served, 0);
  EXPECT_LT(served, 2000);
}

TEST_F(FsConnectorTest, ReleaseAndTheEndLeaveNoCallOpen) {
  write("inside/a", "x");
  std::vector<std::future<protocol::Outcome>> all;
  for (int i = 0; i < 300; ++i) {
    all.push_back(begin(kFsRead, {{"path", at("inside/a")}, {"encoding", "utf8"}}));
    if (i == 150) connector_->release(caller_of("one"));
  }
  connector_ = nullptr;
  const std::set<Code> allowed = {Code::kCancelled, Code::kInternal};
  for (auto& one : all) {
    const protocol::Outcome outcome = one.get();
    EXPECT_TRUE(outcome.status == protocol::Status::kOk || allowed.contains(outcome.code))
        << outcome.message;
  }
}

}  // namespace
}  // namespace isopod::hostcall
