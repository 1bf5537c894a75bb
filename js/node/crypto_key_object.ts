// SPDX-License-Identifier: MIT
/** Secret keys as objects. */
import { Buffer } from "node:buffer";
import { binaryBytes, secretBytes } from "./crypto_bytes";

export const keyKinds = "of type string or an instance of ArrayBuffer, Buffer, TypedArray, " +
  "DataView, KeyObject, or CryptoKey";

let readSecret: (key: KeyObject) => Uint8Array;

export class KeyObject {
  readonly #secret: Uint8Array;
  static {
    readSecret = (key) => key.#secret;
  }

  constructor(secret: Uint8Array) {
    this.#secret = secret.slice();
  }

  get type(): string {
    return "secret";
  }
  get symmetricKeySize(): number {
    return this.#secret.length;
  }
  export(options?: { format?: string }): any {
    const bytes = Buffer.from(this.#secret);
    if (options?.format !== "jwk") return bytes;
    return { kty: "oct", k: bytes.toString("base64url") };
  }
  equals(other: KeyObject): boolean {
    return Buffer.compare(this.#secret, readSecret(other)) === 0;
  }
}

export const secretOf = (key: KeyObject): Uint8Array => readSecret(key);

export function createSecretKey(key: any, encoding?: any): KeyObject {
  if (typeof key === "string") return new KeyObject(Buffer.from(key, encoding));
  return new KeyObject(binaryBytes(key) ?? secretBytes(key, "key"));
}
