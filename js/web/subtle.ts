// SPDX-License-Identifier: MIT
/** `crypto.subtle`: digests, and HMAC with raw keys. */
import { digest as digestOnce, newHmac } from "isopod:native/crypto";
import { randomFill } from "isopod:native";
import { unsupportedError } from "isopod:core";

const kDigests: Record<string, { name: string; block: number }> = {
  __proto__: null as any,
  "SHA-1": { name: "sha1", block: 64 }, "SHA-256": { name: "sha256", block: 64 },
  "SHA-384": { name: "sha384", block: 128 }, "SHA-512": { name: "sha512", block: 128 },
};
const kUsages = [
  "encrypt", "decrypt", "sign", "verify", "deriveKey", "deriveBits", "wrapKey", "unwrapKey",
];

const notSupported = (message = "Unrecognized algorithm name") =>
  new DOMException(message, "NotSupportedError");

const lengthOf = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength")!.get!;

function copyOf(data: any): Uint8Array {
  if (ArrayBuffer.isView(data)) {
    return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength).slice();
  }
  try {
    Reflect.apply(lengthOf, data, []);
  } catch {
    throw new TypeError("The data is not an ArrayBuffer or a view of one");
  }
  return new Uint8Array(data).slice();
}

const nameOf = (algorithm: any): string =>
  String(typeof algorithm === "string" ? algorithm : algorithm?.name).toUpperCase();

function digestOf(algorithm: any): { label: string; name: string; block: number } {
  const label = nameOf(algorithm);
  const known = kDigests[label];
  if (known === undefined) throw notSupported();
  return { label, ...known };
}

interface KeyData {
  bytes: Uint8Array;
  digest: string;
}
let dataOf: (key: any) => KeyData | undefined;

export class CryptoKey {
  readonly #data: KeyData;
  readonly type = "secret";
  static {
    dataOf = (key) => (typeof key === "object" && key !== null && #data in key
      ? key.#data : undefined);
  }

  constructor(
    data: KeyData, readonly algorithm: object, readonly extractable: boolean,
    readonly usages: string[]) {
    this.#data = data;
  }
}

function usagesOf(usages: any): string[] {
  const given = Array.from(usages as Iterable<string>, String);
  if (given.some((usage) => !kUsages.includes(usage))) throw new TypeError("Invalid key usage");
  if (given.length === 0)
    throw new DOMException("Usages cannot be empty when importing a secret key.", "SyntaxError");
  if (given.some((usage) => usage !== "sign" && usage !== "verify"))
    throw new DOMException("Unsupported key usage for an HMAC key", "SyntaxError");
  return kUsages.filter((usage) => given.includes(usage));
}

function hmacKey(bytes: Uint8Array, algorithm: any, extractable: any, usages: any): CryptoKey {
  const { label, name } = digestOf(algorithm.hash);
  const shown = { name: "HMAC", hash: { name: label }, length: bytes.length * 8 };
  return new CryptoKey({ bytes, digest: name }, shown, Boolean(extractable), usagesOf(usages));
}

function authenticate(key: any, usage: string, data: Uint8Array): Uint8Array {
  const secret = dataOf(key);
  if (secret === undefined) throw new TypeError("The key is not a CryptoKey");
  if (!key.usages.includes(usage)) {
    throw new DOMException(`Unable to use this key to ${usage}`, "InvalidAccessError");
  }
  const running = newHmac(secret.digest, secret.bytes);
  running.update(data);
  return running.finish();
}

function checkHmac(algorithm: any): void {
  if (nameOf(algorithm) !== "HMAC") throw notSupported();
}

const missing = (name: string) => async (): Promise<never> => {
  throw unsupportedError(`crypto.subtle.${name}`);
};

/** Everything is done before the promise is returned; a failure is its rejection. */
export const subtle = {
  async digest(algorithm: any, data: any): Promise<ArrayBuffer> {
    return digestOnce(digestOf(algorithm).name, copyOf(data)).buffer as ArrayBuffer;
  },

  async importKey(
    format: string, data: any, algorithm: any, extractable: boolean, usages: string[]) {
    checkHmac(algorithm);
    if (format !== "raw") throw unsupportedError(`crypto.subtle.importKey of "${format}" keys`);
    const bytes = copyOf(data);
    if (bytes.length === 0) throw new DOMException("Zero-length key is not supported", "DataError");
    return hmacKey(bytes, algorithm, extractable, usages);
  },

  async generateKey(algorithm: any, extractable: boolean, usages: string[]) {
    checkHmac(algorithm);
    const length = algorithm.length ?? digestOf(algorithm.hash).block * 8;
    if (!Number.isInteger(length) || length <= 0 || length % 8 !== 0 || length > 2 ** 20)
      throw new DOMException("Invalid key length", "OperationError");
    const bytes = new Uint8Array(length / 8);
    randomFill(bytes);
    return hmacKey(bytes, algorithm, extractable, usages);
  },

  async exportKey(format: string, key: any) {
    const secret = dataOf(key);
    if (secret === undefined) throw new TypeError("The key is not a CryptoKey");
    if (!key.extractable) throw new DOMException("key is not extractable", "InvalidAccessException");
    if (format !== "raw") throw unsupportedError(`crypto.subtle.exportKey of "${format}" keys`);
    return secret.bytes.slice().buffer;
  },

  async sign(algorithm: any, key: any, data: any): Promise<ArrayBuffer> {
    checkHmac(algorithm);
    return authenticate(key, "sign", copyOf(data)).buffer as ArrayBuffer;
  },

  async verify(algorithm: any, key: any, signature: any, data: any): Promise<boolean> {
    checkHmac(algorithm);
    const given = copyOf(signature);
    const expected = authenticate(key, "verify", copyOf(data));
    if (given.length !== expected.length) return false;
    let difference = 0;
    for (let i = 0; i < given.length; i++) difference |= given[i] ^ expected[i];
    return difference === 0;
  },

  decrypt: missing("decrypt"),
  deriveBits: missing("deriveBits"),
  deriveKey: missing("deriveKey"),
  encrypt: missing("encrypt"),
  unwrapKey: missing("unwrapKey"),
  wrapKey: missing("wrapKey"),
};
