// SPDX-License-Identifier: MIT
/** `node:crypto`: randomness, hashes, derived keys. What needs more says by its name that it is missing. */
import { loadBuiltin } from "isopod:native";
import { unsupportedFunction } from "isopod:core";
import { crypto as webcrypto, getRandomValues } from "isopod:web/crypto";
import { Hash, Hmac, createHash, createHmac, getHashes, hash } from "./crypto_hash";
import { hkdf, hkdfSync, pbkdf2, pbkdf2Sync } from "./crypto_derive";
import { KeyObject, createSecretKey } from "./crypto_key_object";
import {
  randomBytes, randomFill, randomFillSync, randomInt, randomUUID, timingSafeEqual,
} from "./crypto_random";
import { scrypt, scryptSync } from "./crypto_scrypt";

export {
  Hash, Hmac, KeyObject, createHash, createHmac, createSecretKey, getHashes, getRandomValues, hash,
  hkdf, hkdfSync, pbkdf2, pbkdf2Sync, randomBytes, randomFill, randomFillSync, randomInt,
  randomUUID, scrypt, scryptSync, timingSafeEqual, webcrypto,
};

/** Loaded by its first use. */
export const subtle: any = new Proxy(Object.create(null), {
  get: (_target, name) => {
    const real = loadBuiltin("isopod:web/subtle").subtle;
    const member = real[name];
    return typeof member === "function" ? member.bind(real) : member;
  },
});

export const constants = Object.freeze({
  __proto__: null, RSA_PKCS1_PADDING: 1, RSA_NO_PADDING: 3, RSA_PKCS1_OAEP_PADDING: 4,
  RSA_PKCS1_PSS_PADDING: 6,
});
export const getFips = (): number => 0;

const missing = (name: string) => unsupportedFunction(`node:crypto.${name}`);
export const Certificate = missing("Certificate");
export const Cipheriv = missing("Cipheriv");
export const Decipheriv = missing("Decipheriv");
export const DiffieHellman = missing("DiffieHellman");
export const ECDH = missing("ECDH");
export const Sign = missing("Sign");
export const Verify = missing("Verify");
export const X509Certificate = missing("X509Certificate");
export const checkPrime = missing("checkPrime");
export const checkPrimeSync = missing("checkPrimeSync");
export const createCipheriv = missing("createCipheriv");
export const createDecipheriv = missing("createDecipheriv");
export const createDiffieHellman = missing("createDiffieHellman");
export const createECDH = missing("createECDH");
export const createPrivateKey = missing("createPrivateKey");
export const createPublicKey = missing("createPublicKey");
export const createSign = missing("createSign");
export const createVerify = missing("createVerify");
export const diffieHellman = missing("diffieHellman");
export const generateKey = missing("generateKey");
export const generateKeyPair = missing("generateKeyPair");
export const generateKeyPairSync = missing("generateKeyPairSync");
export const generateKeySync = missing("generateKeySync");
export const generatePrime = missing("generatePrime");
export const generatePrimeSync = missing("generatePrimeSync");
export const getCipherInfo = missing("getCipherInfo");
export const getCiphers = missing("getCiphers");
export const getCurves = missing("getCurves");
export const getDiffieHellman = missing("getDiffieHellman");
export const privateDecrypt = missing("privateDecrypt");
export const privateEncrypt = missing("privateEncrypt");
export const publicDecrypt = missing("publicDecrypt");
export const publicEncrypt = missing("publicEncrypt");
export const setEngine = missing("setEngine");
export const setFips = missing("setFips");
export const sign = missing("sign");
export const verify = missing("verify");

export default {
  Certificate, Cipheriv, Decipheriv, DiffieHellman, ECDH, Hash, Hmac, KeyObject, Sign, Verify,
  X509Certificate, checkPrime, checkPrimeSync, constants, createCipheriv, createDecipheriv,
  createDiffieHellman, createECDH, createHash, createHmac, createPrivateKey, createPublicKey,
  createSecretKey, createSign, createVerify, diffieHellman, generateKey, generateKeyPair,
  generateKeyPairSync, generateKeySync, generatePrime, generatePrimeSync, getCipherInfo,
  getCiphers, getCurves, getDiffieHellman, getFips, getHashes, getRandomValues, hash, hkdf,
  hkdfSync, pbkdf2, pbkdf2Sync, privateDecrypt, privateEncrypt, publicDecrypt, publicEncrypt,
  randomBytes, randomFill, randomFillSync, randomInt, randomUUID, scrypt, scryptSync, setEngine,
  setFips, sign, subtle, timingSafeEqual, verify, webcrypto,
};
