// SPDX-License-Identifier: MIT
/** The string formats of JSON Schema that are checked; a format that is not here always holds. */

const kDate = /^(\d{4})-(\d\d)-(\d\d)$/;
const kTime = /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;
const kLabel = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const kHostname = new RegExp(`^(?=.{1,253}$)${kLabel}(?:\\.${kLabel})*$`, "i");
const kEmail = /^[^\s@"(),:;<>[\]\\]+@([^\s@]+)$/;
const kUri = /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]*$/i;
const kUriReference = /^[^\s<>"{}|\\^`]*$/;
const kUuid = /^(?:urn:uuid:)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const kIpv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
const kDuration = /^P(?!$)(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(?!$)(\d+H)?(\d+M)?(\d+S)?)?)$/;
const kJsonPointer = /^(?:\/(?:[^~/]|~0|~1)*)*$/;

function isDate(text: string): boolean {
  const parts = kDate.exec(text);
  if (parts === null) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function isDateTime(text: string): boolean {
  return /^.{10}[Tt ]/.test(text) && isDate(text.slice(0, 10)) && kTime.test(text.slice(11));
}

function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2 || text.includes(":::")) return false;
  let groups = 0;
  for (const half of halves) {
    if (half === "") continue;
    const parts = half.split(":");
    for (const [i, part] of parts.entries()) {
      const isLast = half === halves[halves.length - 1] && i === parts.length - 1;
      if (isLast && part.includes(".")) {
        if (!kIpv4.test(part)) return false;
        groups += 2;
      } else {
        if (!/^[0-9a-f]{1,4}$/i.test(part)) return false;
        groups += 1;
      }
    }
  }
  return halves.length === 2 ? groups < 8 : groups === 8;
}

function isRegex(text: string): boolean {
  try {
    new RegExp(text, "u");
    return true;
  } catch {
    return false;
  }
}

const kFormats = new Map<string, (text: string) => boolean>([
  ["email", (text) => kHostname.test(kEmail.exec(text)?.[1] ?? "")],
  ["date", isDate],
  ["time", (text) => kTime.test(text)],
  ["date-time", isDateTime],
  ["duration", (text) => kDuration.test(text)],
  ["uri", (text) => kUri.test(text)],
  ["url", (text) => kUri.test(text)],
  ["uri-reference", (text) => kUriReference.test(text)],
  ["uuid", (text) => kUuid.test(text)],
  ["hostname", (text) => kHostname.test(text)],
  ["ipv4", (text) => kIpv4.test(text)],
  ["ipv6", isIpv6],
  ["json-pointer", (text) => kJsonPointer.test(text)],
  ["regex", isRegex],
]);

export function holdsFormat(format: string, text: string): boolean {
  return kFormats.get(format)?.(text) ?? true;
}
