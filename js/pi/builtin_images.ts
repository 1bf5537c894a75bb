// SPDX-License-Identifier: MIT
/** Tells images from other files by their first bytes, and reads their size from the header. */

const kPngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const kPngHeaderBytes = 16;
const kBitmapHeaderSizes = [12, 40, 52, 56, 64, 108, 124];

const ascii = (bytes: Uint8Array, start: number, end: number) =>
  String.fromCharCode(...bytes.subarray(start, end));
const startsWith = (bytes: Uint8Array, prefix: number[]) =>
  prefix.every((byte, index) => bytes[index] === byte);
const view = (bytes: Uint8Array) =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The type of an image that models accept (or that can be turned into one), else null. */
export function detectImageMimeType(bytes: Uint8Array): string | null {
  if (startsWith(bytes, kPngSignature)) {
    return bytes.length >= kPngHeaderBytes && ascii(bytes, 12, 16) === "IHDR" ? "image/png" : null;
  }
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return "image/jpeg";
  const start = ascii(bytes, 0, 6);
  if (start === "GIF87a" || start === "GIF89a") return "image/gif";
  if (start.startsWith("RIFF") && ascii(bytes, 8, 12) === "WEBP") return "image/webp";
  if (start.startsWith("BM") && bytes.length >= 18) {
    return kBitmapHeaderSizes.includes(view(bytes).getUint32(14, true)) ? "image/bmp" : null;
  }
  return null;
}

interface Size {
  width: number;
  height: number;
}

function jpegSize(bytes: Uint8Array): Size | null {
  let at = 2;
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1];
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      return { height: view(bytes).getUint16(at + 5), width: view(bytes).getUint16(at + 7) };
    }
    at += 2 + view(bytes).getUint16(at + 2);
  }
  return null;
}

function webpSize(bytes: Uint8Array): Size | null {
  const kind = ascii(bytes, 12, 16);
  const data = view(bytes);
  if (kind === "VP8 " && bytes.length >= 30) {
    return { width: data.getUint16(26, true) & 0x3fff, height: data.getUint16(28, true) & 0x3fff };
  }
  if (kind === "VP8L" && bytes.length >= 25) {
    const bits = data.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (kind === "VP8X" && bytes.length >= 30) {
    const at = (index: number) => bytes[index] | bytes[index + 1] << 8 | bytes[index + 2] << 16;
    return { width: at(24) + 1, height: at(27) + 1 };
  }
  return null;
}

/** Width and height in pixels, or null when the header does not tell. */
export function imageSize(bytes: Uint8Array, mimeType: string): Size | null {
  const data = view(bytes);
  switch (mimeType) {
    case "image/png":
      return bytes.length < 24 ? null : { width: data.getUint32(16), height: data.getUint32(20) };
    case "image/gif":
      return bytes.length < 10
        ? null : { width: data.getUint16(6, true), height: data.getUint16(8, true) };
    case "image/jpeg": return jpegSize(bytes);
    case "image/webp": return webpSize(bytes);
    default: return null;
  }
}
