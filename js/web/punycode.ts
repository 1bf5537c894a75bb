// SPDX-License-Identifier: MIT
/** Host labels outside ASCII as RFC 3492 encodes them. */
const kBase = 36;
const kLowest = 1;
const kHighest = 26;
const kSkew = 38;
const kDamp = 700;
const kInitialBias = 72;
const kInitialCode = 128;

const digitOf = (value: number): string =>
  String.fromCharCode(value < 26 ? 97 + value : 22 + value);

function adapt(delta: number, count: number, isFirst: boolean): number {
  delta = isFirst ? Math.floor(delta / kDamp) : delta >> 1;
  delta += Math.floor(delta / count);
  let k = 0;
  for (; delta > ((kBase - kLowest) * kHighest) >> 1; k += kBase) {
    delta = Math.floor(delta / (kBase - kLowest));
  }
  return Math.floor(k + ((kBase - kLowest + 1) * delta) / (delta + kSkew));
}

const threshold = (k: number, bias: number) =>
  k <= bias ? kLowest : k >= bias + kHighest ? kHighest : k - bias;

export function encodeLabel(label: string): string {
  const codes = Array.from(label, (char) => char.codePointAt(0)!);
  let output = codes.filter((code) => code < 128).map((code) => String.fromCharCode(code)).join("");
  const basicLength = output.length;
  let handled = basicLength;
  if (basicLength > 0) output += "-";
  let next = kInitialCode;
  let delta = 0;
  let bias = kInitialBias;
  while (handled < codes.length) {
    const smallest = Math.min(...codes.filter((code) => code >= next));
    delta += (smallest - next) * (handled + 1);
    next = smallest;
    for (const code of codes) {
      if (code < next) delta++;
      if (code !== next) continue;
      let rest = delta;
      for (let k = kBase; ; k += kBase) {
        const limit = threshold(k, bias);
        if (rest < limit) break;
        output += digitOf(limit + ((rest - limit) % (kBase - limit)));
        rest = Math.floor((rest - limit) / (kBase - limit));
      }
      output += digitOf(rest);
      bias = adapt(delta, handled + 1, handled === basicLength);
      delta = 0;
      handled++;
    }
    delta++;
    next++;
  }
  return `xn--${output}`;
}

/** The Unicode form of what follows "xn--", or null when it is not valid. */
export function decodeLabel(encoded: string): string | null {
  const delimiter = encoded.lastIndexOf("-");
  const codes =
    Array.from(delimiter > 0 ? encoded.slice(0, delimiter) : "", (char) => char.charCodeAt(0));
  let index = delimiter > 0 ? delimiter + 1 : 0;
  let code = kInitialCode;
  let position = 0;
  let bias = kInitialBias;
  while (index < encoded.length) {
    const before = position;
    let weight = 1;
    for (let k = kBase; ; k += kBase) {
      const digit = parseInt(encoded[index++] ?? "", 36);
      if (Number.isNaN(digit)) return null;
      const value = /\d/.test(encoded[index - 1]) ? digit + 26 : digit - 10;
      position += value * weight;
      const limit = threshold(k, bias);
      if (value < limit) break;
      weight *= kBase - limit;
    }
    bias = adapt(position - before, codes.length + 1, before === 0);
    code += Math.floor(position / (codes.length + 1));
    position %= codes.length + 1;
    if (code > 0x10ffff) return null;
    codes.splice(position++, 0, code);
  }
  return String.fromCodePoint(...codes);
}
