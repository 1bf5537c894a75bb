// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import nodePath from "node:path";
import { test } from "node:test";
import { createRandom, seed } from "../testing/generate.mjs";
import { createIsolate, kInfo } from "../testing/support.mjs";

const { loadBuiltin } = createIsolate();
const path = loadBuiltin("node:path");

const kPosixPieces =
  ["/", "/", "//", "a", "b.c", "..", ".", "", " ", ".x", "a.", "é", "\\", "C:", "...", ".b.c"];
const kWindowsPieces =
  ["\\", "/", "\\\\", "//", "C:", "c:", "D:", "a", "b.txt", "..", ".", "", ".x", "srv", "x.", "A"];

/** Device paths and paths relative to another drive: Node's answer depends on its process. */
const isOutside = (input) => /^[\\/]{2,}[.?]/.test(input) || /[a-z]:(?![\\/])/i.test(input);

function outcome(body) {
  try {
    return body();
  } catch (error) {
    return `threw ${error.code}`;
  }
}

for (const [flavor, pieces, functions] of [[
       "posix", kPosixPieces,
       ["normalize", "dirname", "basename", "extname", "parse", "isAbsolute", "toNamespacedPath"]
     ],
       [
         "win32", kWindowsPieces,
         ["normalize", "dirname", "basename", "extname", "parse", "isAbsolute"]
       ],
]) {
  test(`${flavor} functions of one path agree with Node`, () => {
    const random = createRandom();
    for (let i = 0; i < 6000; i++) {
      const input = random.compose(pieces, 7);
      if (flavor === "win32" && isOutside(input)) continue;
      for (const name of functions) {
        assert.deepEqual({...Object(outcome(() => path[flavor][name](input))) },
          {...Object(outcome(() => nodePath[flavor][name](input))) },
          `${name}(${JSON.stringify(input)}), seed ${seed}`);
      }
    }
  });

  test(`${flavor} functions of several paths agree with Node`, () => {
    const random = createRandom();
    const root = flavor === "posix" ? "/work" : "C:\\work";
    for (let i = 0; i < 6000; i++) {
      const [a, b] = [random.compose(pieces, 6), random.compose(pieces, 5)];
      if (flavor === "win32" && (isOutside(a) || isOutside(b) || isOutside(a + b))) continue;
      const label = `(${JSON.stringify(a)}, ${JSON.stringify(b)}), seed ${seed}`;
      assert.equal(path[flavor].join(a, b), nodePath[flavor].join(a, b), `join${label}`);
      assert.equal(
        path[flavor].basename(a, b), nodePath[flavor].basename(a, b), `basename${label}`);
      assert.equal(
        path[flavor].resolve(root, a, b), nodePath[flavor].resolve(root, a, b), `resolve${label}`);
      const [from, to] = [nodePath[flavor].resolve(root, a), nodePath[flavor].resolve(root, b)];
      if (flavor === "win32" && !(/^[a-z]:\\/i.test(from) && /^[a-z]:\\/i.test(to))) continue;
      assert.equal(path[flavor].relative(from, to), nodePath[flavor].relative(from, to),
        `relative(${from}, ${to})`);
    }
  });

  test(`${flavor} format turns the parts of a path into the path as Node does`, () => {
    const random = createRandom();
    for (let i = 0; i < 2000; i++) {
      const parts = nodePath[flavor].parse(random.compose(pieces, 6));
      if (random.below(2)) delete parts.base;
      if (random.below(3) === 0) delete parts.dir;
      assert.equal(
        path[flavor].format(parts), nodePath[flavor].format(parts), JSON.stringify(parts));
    }
  });
}

test("relative paths resolve against the isolate's working directory", () => {
  assert.equal(path.resolve("a", "../b"), `${kInfo.cwd}/b`);
  assert.equal(path.resolve(), kInfo.cwd);
  assert.equal(path.relative("a/b", "a/c"), "../c");
});

test("arguments that are not strings are refused with Node's code", () => {
  for (const body of [() => path.join("a", 1), () => path.resolve(null), () => path.basename({}),
                     () => path.format(null)]) {
    assert.equal(outcome(body), "threw ERR_INVALID_ARG_TYPE");
  }
});

test("all names of the module are one instance", () => {
  assert.equal(loadBuiltin("path"), loadBuiltin("node:path"));
  assert.equal(path.default.posix, loadBuiltin("path/posix").default);
  assert.equal(path.default.join, path.join);
});
