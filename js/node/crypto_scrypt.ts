// SPDX-License-Identifier: MIT
/** scrypt (RFC 7914). */
import { scrypt as derive } from "isopod:native/crypto";
import { startTimer } from "isopod:native";
import { Buffer } from "node:buffer";
import { secretBytes } from "./crypto_bytes";
import { checkFunction, checkInteger, nodeError } from "./node_errors";

const kLongest = 2 ** 31 - 1;
const kNames = [["N", "cost", 16384], ["r", "blockSize", 8], ["p", "parallelization", 1]] as const;

/** The parameters, which have two names each. Zero asks for the default. */
function parametersOf(options: any): { numbers: number[]; memoryMax: number } {
  const numbers = kNames.map(([short, long, usual]) => {
    for (const name of [short, long]) {
      if (options?.[name] !== undefined) checkInteger(options[name], name, 0, 2 ** 32 - 1);
    }
    if (options?.[short] !== undefined && options?.[long] !== undefined) {
      throw nodeError(
        Error, "ERR_CRYPTO_SCRYPT_INVALID_PARAMETER", "Invalid scrypt parameter");
    }
    return options?.[short] || options?.[long] || usual;
  });
  if (options?.maxmem !== undefined) checkInteger(options.maxmem, "maxmem", 0);
  return { numbers, memoryMax: options?.maxmem || 32 * 2 ** 20 };
}

function prepare(password: any, salt: any, size: any, options: any): () => any {
  const passwordBytes = secretBytes(password, "password");
  const saltBytes = secretBytes(salt, "salt");
  checkInteger(size, "keylen", 0, kLongest);
  const { numbers: [cost, blockSize, lanes], memoryMax } = parametersOf(options);
  return () => {
    try {
      return Buffer.from(
        derive(passwordBytes, saltBytes, cost, blockSize, lanes, size, memoryMax));
    } catch (error: any) {
      if (error?.code !== "invalid_argument") throw error;
      throw nodeError(RangeError, "ERR_CRYPTO_INVALID_SCRYPT_PARAMS",
        `Invalid scrypt params: ${error.message}`);
    }
  };
}

export const scryptSync = (password: any, salt: any, size: number, options?: any): any =>
  prepare(password, salt, size, options)();

export function scrypt(password: any, salt: any, size: any, options: any, callback?: any): void {
  if (callback === undefined) [options, callback] = [undefined, options];
  const work = prepare(password, salt, size, options);
  checkFunction(callback, "callback");
  startTimer(() => {
    let key: any;
    try {
      key = work();
    } catch (error) {
      return callback(error);
    }
    callback(null, key);
  }, 0, false);
}
