// SPDX-License-Identifier: MIT
// The module isopod:native/crypto over Node's own.
import * as crypto from "node:crypto";

function failure(code, message) {
  return Object.assign(new Error(message), { code });
}

const kNames = crypto.getHashes().filter((name) => /^(md5|sha\d+|sha3-\d+)$/.test(name));

function digestNamed(name) {
  const plain = name.toLowerCase().replace(/^rsa-/, "").replace(/^sha2?-/, "sha");
  if (!kNames.includes(plain)) throw failure("not_found", `there is no digest ${name}`);
  return plain;
}

/** `Uint8Array` is that of the isolate. */
export function createNativeCrypto({ Uint8Array }) {
  const enter = (bytes) => new Uint8Array(bytes);
  const running = (state) => ({
    update: (bytes) => void state.update(bytes),
    finish: () => enter(state.digest()),
    copy: () => running(state.copy()),
  });
  return {
    digestNames: () => [...kNames],
    newDigest: (name) => running(crypto.createHash(digestNamed(name))),
    newHmac: (name, key) => running(crypto.createHmac(digestNamed(name), key)),
    digest: (name, bytes) => enter(crypto.createHash(digestNamed(name)).update(bytes).digest()),
    newPbkdf2(name, password, salt, iterations, size) {
      const digest = digestNamed(name);
      let calls = Math.ceil(iterations / 1000);
      return () => (--calls > 0 ? undefined
        : enter(crypto.pbkdf2Sync(password, salt, iterations, size, digest)));
    },
    scrypt(password, salt, cost, blockSize, lanes, size, maxmem) {
      try {
        return enter(crypto.scryptSync(
          password, salt, size, { cost, blockSize, parallelization: lanes, maxmem }));
      } catch {
        throw failure("invalid_argument", "memory limit exceeded");
      }
    },
  };
}
