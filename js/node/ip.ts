// SPDX-License-Identifier: MIT
/** Which kind of IP address a text is. */
const kByte = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const kIpv4 = new RegExp(`^${kByte}(?:\\.${kByte}){3}$`);

export const isIPv4 = (text: unknown): boolean => kIpv4.test(String(text));

export function isIPv6(input: unknown): boolean {
  const text = String(input).replace(/%[\w.:-]+$/, "");
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  let count = groups.length;
  if (count > 0 && groups[count - 1].includes(".")) {
    if (text.endsWith("::") || !isIPv4(groups.pop())) return false;
    count++;
  }
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false;
  return halves.length === 2 ? count < 8 : count === 8;
}

export const isIP = (text: unknown): 0 | 4 | 6 => (isIPv4(text) ? 4 : isIPv6(text) ? 6 : 0);
