// SPDX-License-Identifier: MIT
/** The order of file names in a listing: that of a dictionary, without regard to case. */

/** Punctuation and symbols of ASCII in the root order of the Unicode collation algorithm. */
const kPunctuation = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";
const kAccents = /[\u0300-\u036f]/g;

const weights = new Map([...kPunctuation].map((char, index) => [char, index + 1]));
const kFirstAlphanumeric = 0x100;

function weightOf(char: string): number {
  if (char === " ") return 0;
  return weights.get(char) ?? kFirstAlphanumeric + char.codePointAt(0)!;
}

const keyOf = (name: string): number[] =>
  Array.from(name.toLowerCase().normalize("NFD").replace(kAccents, ""), weightOf);

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

export function sortNames(names: Iterable<string>): string[] {
  const entries = Array.from(names, (name) => ({ name, key: keyOf(name) }));
  entries.sort((a, b) => {
    for (let i = 0; i < Math.min(a.key.length, b.key.length); i++) {
      if (a.key[i] !== b.key[i]) return a.key[i] - b.key[i];
    }
    return a.key.length - b.key.length || compareText(a.name.toLowerCase(), b.name.toLowerCase());
  });
  return entries.map(({ name }) => name);
}
