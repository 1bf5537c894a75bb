// SPDX-License-Identifier: MIT
#include "host/capability_inference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace isopod::host {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::set<std::string> needs(const std::string& source) {
  const auto stripped = typescript::strip(source, {.file = "a.ts"});
  EXPECT_TRUE(stripped) << source;
  if (!stripped) return {};
  return infer_capabilities({{stripped->shape, typescript::survey(stripped->code)}});
}

TEST(CapabilityInference, RegisteringNeedsNothing) {
  EXPECT_THAT(needs("export default function (pi) { pi.registerTool({ name: 'x' }); "
                    "pi.on('session_start', () => /a/.exec('a')); }"),
              IsEmpty());
}

TEST(CapabilityInference, ProgramsAreNamedWhereTheyAreLiteral) {
  EXPECT_THAT(needs("export default (api) => api.exec('git', []);"), ElementsAre("exec:git"));
  EXPECT_THAT(needs("import { spawn } from 'node:child_process'; spawn('rg');"),
              ElementsAre("exec:rg"));
  EXPECT_THAT(needs("import * as cp from 'child_process'; cp.execSync('ls -l | wc');"),
              ElementsAre("exec"));
  EXPECT_THAT(needs("pi.exec('git'); pi.exec(program);"), ElementsAre("exec"));
}

TEST(CapabilityInference, FilesAreReadOrWrittenByTheFunctionsUsed) {
  EXPECT_THAT(needs("import { readFileSync } from 'node:fs'; readFileSync('x');"),
              ElementsAre("read"));
  EXPECT_THAT(needs("import * as fs from 'fs'; fs.existsSync('x'); fs.constants;"),
              ElementsAre("read"));
  EXPECT_THAT(needs("import fs from 'node:fs/promises'; fs.writeFile('x', '');"),
              ElementsAre("write"));
  EXPECT_THAT(needs("import { promises } from 'fs'; promises.readFile('x');"), ElementsAre("read"));
  EXPECT_THAT(needs("const fs = require('fs');"), ElementsAre("read", "write"));
}

TEST(CapabilityInference, HostsAreNamedWhereTheyAreLiteral) {
  EXPECT_THAT(needs("fetch('https://api.example.com/x');"), ElementsAre("http:api.example.com"));
  EXPECT_THAT(needs("fetch('https://a.org'); fetch(url);"), ElementsAre("http"));
  EXPECT_THAT(needs("import https from 'node:https'; https.get('x');"), ElementsAre("http"));
}

TEST(CapabilityInference, TheApiOfPiTellsTheRest) {
  EXPECT_THAT(needs("pi.on('x', async (_e, ctx) => { ctx.ui.notify('a'); await ctx.ui.select('b'); "
                    "process.env.HOME; console.log(ctx.sessionManager.getEntries()); });"),
              ElementsAre("env", "log", "session", "ui"));
  EXPECT_THAT(needs("pi.events.emit('a', 1); pi.appendEntry('x'); ctx.executeTool('y', {});"),
              ElementsAre("events", "session", "tool"));
  EXPECT_THAT(needs("pi.registerTool({ name: 'read', execute() {} });"),
              ElementsAre("tool:override"));
  EXPECT_THAT(needs("const f = ({ ui }) => ui.theme; f(ctx);"), ElementsAre("ui"));
}

TEST(CapabilityInference, BuiltInToolsOfAnExtensionCount) {
  EXPECT_THAT(needs("import { createBashTool, createEditTool } from "
                    "'@earendil-works/pi-coding-agent'; createBashTool(); createEditTool();"),
              ElementsAre("exec", "read", "write"));
}

}  // namespace
}  // namespace isopod::host
