// SPDX-License-Identifier: MIT
/** Random inputs from a seed. A failing test prints the seed; ISOPOD_SEED repeats it. */
export const seed = Number(process.env.ISOPOD_SEED ?? Date.now() % 2 ** 31);

export function createRandom(start = seed) {
  let state = start >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound) => Math.floor(next() * bound);
  const pick = (list) => list[below(list.length)];
  /** Up to `most` of the pieces, joined. */
  const compose = (pieces, most) =>
    Array.from({ length: below(most + 1) }, () => pick(pieces)).join("");
  return { next, below, pick, compose };
}
