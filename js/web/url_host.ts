// SPDX-License-Identifier: MIT
/** The host of a URL: domains, IPv4 and IPv6 addresses, and opaque hosts. */
import { decodeLabel, encodeLabel } from "./punycode";
import { isInC0, percentDecode, percentEncode } from "./url_encoding";

/** Thrown inside the parser; becomes the one error that `new URL` throws. */
export class ParseFailure extends Error {}

const fail = (): never => {
  throw new ParseFailure();
};

const kForbiddenHost = /[\0\t\n\r #/:<>?@[\\\]^|]/;
const kForbiddenDomain = /[\0-\x20#%/:<>?@[\\\]^|\x7f]/;
/** Code points that IDNA maps to nothing. */
const kIgnored = /[\u00ad\u034f\u180b-\u180d\u180f\u200b\u2060\u2064\ufe00-\ufe0f\ufeff]/g;
const kNotAllowed = /[\u0000-\u002c\u002f\u003a-\u0060\u007b-\u007f\u0080-\u009f\u00a0\u200c\u200d\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffd\ufff9-\ufffc\p{Cs}\p{Co}\p{Cn}\p{Z}]/u;

/**
 * The ASCII form of a domain: mapped to lower case and compatibility form, labels outside ASCII
 * encoded. The large tables of IDNA are approximated by the Unicode properties the engine knows.
 */
export function domainToAscii(domain: string): string {
  if (/^[\x00-\x7f]*$/.test(domain) && !/(^|\.)xn--/i.test(domain)) return domain.toLowerCase();
  const mapped = domain.replace(kIgnored, "").replaceAll("\u1e9e", "ss").toLowerCase()
    .normalize("NFKC").toLowerCase().normalize("NFKC").replace(/[\u3002\uff61]/g, ".");
  const labels = mapped.split(".").map((label) => {
    if (label.startsWith("xn--")) {
      const decoded = decodeLabel(label.slice(4));
      const isValid = decoded !== null && decoded !== "" && !/^[\x00-\x7f]*$/.test(decoded) &&
        !kNotAllowed.test(decoded) && decoded === decoded.normalize("NFC").toLowerCase() &&
        encodeLabel(decoded) === label && !/^\p{M}/u.test(decoded);
      return isValid ? label : fail();
    }
    if (/^[\x00-\x7f]*$/.test(label)) return label;
    if (kNotAllowed.test(label.replace(/[\x00-\x7f]/g, "")) || /^\p{M}/u.test(label)) fail();
    return encodeLabel(label);
  });
  return labels.join(".");
}

function parseIpv4Number(text: string): number | null {
  if (text === "") return null;
  if (/^0x/i.test(text)) {
    const digits = text.slice(2);
    return digits === "" ? 0 : /^[0-9a-f]+$/i.test(digits) ? parseInt(digits, 16) : null;
  }
  if (text.length > 1 && text[0] === "0") return /^[0-7]+$/.test(text) ? parseInt(text, 8) : null;
  return /^[0-9]+$/.test(text) ? Number(text) : null;
}

function endsInNumber(host: string): boolean {
  const parts = host.split(".");
  if (parts[parts.length - 1] === "") {
    if (parts.length === 1) return false;
    parts.pop();
  }
  const last = parts[parts.length - 1];
  return /^[0-9]+$/.test(last) || /^0x[0-9a-f]*$/i.test(last);
}

function parseIpv4(host: string): string {
  const parts = host.split(".");
  if (parts[parts.length - 1] === "" && parts.length > 1) parts.pop();
  if (parts.length > 4) fail();
  const numbers = parts.map((part) => parseIpv4Number(part) ?? fail());
  const last = numbers.pop()!;
  if (numbers.some((number) => number > 255) || last >= 256 ** (4 - numbers.length)) fail();
  let address = last;
  numbers.forEach((number, i) => { address += number * 256 ** (3 - i); });
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

function parseIpv6(text: string): number[] {
  const compressed = text.split("::");
  if (compressed.length > 2 || text.includes(":::")) fail();
  const [head, tail] =
    compressed.map((half, i) => parseIpv6Groups(half, i === compressed.length - 1));
  if (tail === undefined) return head.length === 8 ? head : fail();
  const missing = 8 - head.length - tail.length;
  if (missing < 1) fail();
  return [...head, ...new Array(missing).fill(0), ...tail];
}

function parseIpv6Groups(text: string, isEnd: boolean): number[] {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  parts.forEach((part, i) => {
    if (part.includes(".") && isEnd && i === parts.length - 1) {
      const bytes =
        part.split(".").map((byte) => (/^(0|[1-9]\d{0,2})$/.test(byte) ? Number(byte) : 256));
      if (bytes.length !== 4 || bytes.some((byte) => byte > 255)) fail();
      groups.push(bytes[0] * 256 + bytes[1], bytes[2] * 256 + bytes[3]);
    } else {
      groups.push(/^[0-9a-f]{1,4}$/i.test(part) ? parseInt(part, 16) : fail());
    }
  });
  return groups;
}

function showIpv6(groups: number[]): string {
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const show = (part: number[]) => part.map((group) => group.toString(16)).join(":");
  if (best.start < 0) return show(groups);
  return `${show(groups.slice(0, best.start))}::${show(groups.slice(best.start + best.length))}`;
}

export function parseHost(input: string, isOpaque: boolean): string {
  if (input.startsWith("[")) {
    if (!input.endsWith("]")) fail();
    return `[${showIpv6(parseIpv6(input.slice(1, -1)))}]`;
  }
  if (isOpaque) {
    if (kForbiddenHost.test(input)) fail();
    return percentEncode(input, isInC0);
  }
  const domain = domainToAscii(percentDecode(input));
  if (domain === "" || kForbiddenDomain.test(domain)) fail();
  return endsInNumber(domain) ? parseIpv4(domain) : domain;
}
