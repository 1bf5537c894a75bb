// SPDX-License-Identifier: MIT
/** Hashes and keyed hashes. */
import {
  digest as digestOnce, digestNames, newDigest, newHmac, type RunningDigest, type RunningHmac,
} from "isopod:native/crypto";
import { dataBytes, inPortions, output, secretBytes } from "./crypto_bytes";
import { KeyObject, keyKinds, secretOf } from "./crypto_key_object";
import { LazyTransform } from "./lazy_transform";
import { invalidType, nodeError } from "./node_errors";

const finalized = () =>
  nodeError(Error, "ERR_CRYPTO_HASH_FINALIZED", "Digest already called");
export const invalidDigest = (name: string) =>
  nodeError(TypeError, "ERR_CRYPTO_INVALID_DIGEST", `Invalid digest: ${name}`);

/** Runs `make`; a digest that does not exist becomes the error that `otherwise` makes. */
export function withDigest<T>(make: () => T, otherwise: () => Error): T {
  try {
    return make();
  } catch (error: any) {
    if (error?.code === "not_found" || error?.code === "unsupported") throw otherwise();
    throw error;
  }
}

const notSupported = () => new Error("Digest method not supported");

type Done = (error?: any, data?: any) => void;

class HashBase extends LazyTransform {
  constructor(options: object | undefined) {
    super({
      transform: (chunk: any, encoding: any, callback: Done) => {
        this.update(chunk, encoding);
        callback();
      },
      flush: (callback: Done) => callback(null, this.streamResult()),
    }, options);
  }
  update(_data: any, _encoding?: any): this {
    return this;
  }
  protected streamResult(): Uint8Array {
    return new Uint8Array(0);
  }
}

class HashState extends HashBase {
  #running: RunningDigest;
  #result: Uint8Array | undefined;
  #isFinalized = false;
  readonly #outputLength: number | undefined;

  constructor(running: RunningDigest, options?: any) {
    super(options);
    this.#running = running;
    this.#outputLength = options?.outputLength;
  }

  override update(data: any, encoding?: any): this {
    if (this.#isFinalized) throw finalized();
    inPortions(dataBytes(data, encoding), (portion) => this.#running.update(portion));
    return this;
  }

  digest(encoding?: any): any {
    if (this.#isFinalized) throw finalized();
    const result = this.streamResult();
    this.#isFinalized = true;
    return output(result, encoding === undefined ? undefined : String(encoding));
  }

  copy(options?: any): HashState {
    if (this.#isFinalized || this.#result !== undefined) throw finalized();
    return new Hash(this.#running.copy(), options);
  }

  protected override streamResult(): Uint8Array {
    if (this.#result === undefined) {
      const whole = this.#running.finish();
      if (this.#outputLength !== undefined && this.#outputLength !== whole.length) {
        throw nodeError(Error, "ERR_OSSL_EVP_NOT_XOF_OR_INVALID_LENGTH",
          "error:030000B2:digital envelope routines::not XOF or invalid length");
      }
      this.#result = whole;
    }
    return this.#result;
  }
}

class HmacState extends HashBase {
  #running: RunningHmac;
  #result: Uint8Array | undefined;
  #isFinalized = false;

  constructor(running: RunningHmac, options?: any) {
    super(options);
    this.#running = running;
  }

  override update(data: any, encoding?: any): this {
    const bytes = dataBytes(data, encoding);
    if (this.#isFinalized) throw finalized();
    inPortions(bytes, (portion) => this.#running.update(portion));
    return this;
  }

  /** Node answers a second call with nothing instead of an error. */
  digest(encoding?: any): any {
    const result = this.#isFinalized ? new Uint8Array(0) : this.streamResult();
    this.#isFinalized = true;
    return output(result, encoding === undefined ? undefined : String(encoding));
  }

  protected override streamResult(): Uint8Array {
    return this.#result ??= this.#running.finish();
  }
}

// The constructors are exported for `instanceof`; only `createHash` and `createHmac` make them.
const Hash: any = HashState;
const Hmac: any = HmacState;
Object.defineProperty(Hash, "name", { value: "Hash" });
Object.defineProperty(Hmac, "name", { value: "Hmac" });
export { Hash, Hmac };

export function createHash(algorithm: string, options?: any): any {
  if (typeof algorithm !== "string") throw invalidType("algorithm", "of type string", algorithm);
  return new Hash(withDigest(() => newDigest(algorithm), notSupported), options);
}

export function createHmac(algorithm: string, key: any, options?: any): any {
  if (typeof algorithm !== "string") throw invalidType("hmac", "of type string", algorithm);
  const bytes = key instanceof KeyObject
    ? secretOf(key) : secretBytes(key, "key", keyKinds);
  return new Hmac(
    withDigest(() => newHmac(algorithm, bytes), () => invalidDigest(algorithm)), options);
}

export function hash(algorithm: string, data: any, encoding: any = "hex"): any {
  if (typeof algorithm !== "string") throw invalidType("algorithm", "of type string", algorithm);
  if (typeof data !== "string" && !ArrayBuffer.isView(data)) {
    throw invalidType(
      "input", "of type string or an instance of Buffer, TypedArray, or DataView", data);
  }
  const bytes = dataBytes(data);
  return output(withDigest(() => digestOnce(algorithm, bytes), notSupported), encoding);
}

export const getHashes = (): string[] => digestNames();
