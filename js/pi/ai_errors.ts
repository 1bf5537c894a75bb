// SPDX-License-Identifier: MIT
/** What failed answers mean: too much context, or worth another try. */

/** How providers say that a request does not fit the model's context. */
const kOverflow = [
  /prompt (is )?too long/i, /request_too_large/i, /input is too long/i, /context_length_exceeded/i,
  /exceed(s|ed)? .*context (window|length|size)/i, /context (window|length) exceeded/i,
  /maximum context length/i, /maximum prompt length/i, /input token count.*exceeds/i,
  /longer than the model'?s context length/i, /reduce the length of the messages/i,
  /too large for model with \d+ maximum context length/i, /exceeds the limit of \d+/i,
  /token limit exceeded/i, /too many tokens/i, /maximum allowed input length/i,
];
/** Limits on requests and tokens per time read alike and are something else. */
const kRateLimit = /rate.?limit|too many requests|throttl|tokens per (minute|day)/i;

const kTransient = new RegExp([
  "rate.?limit", "\\b429\\b", "too many requests", "overloaded", "\\b50[0234]\\b",
  "service.?unavailable", "internal server error", "bad gateway", "gateway timeout",
  "fetch failed", "socket hang up", "connection (error|refused|reset|lost)", "network error",
  "timed? ?out", "\\btimeout\\b", "terminated", "stream ended without", "server_error",
].join("|"), "i");
const kFinal = /insufficient_quota|quota exceeded|usage limit|billing|invalid api key/i;

export const getOverflowPatterns = (): RegExp[] => [...kOverflow];

/** Whether an answer failed, or silently lost text, because the context was too long. */
export function isContextOverflow(message: any, contextWindow?: number): boolean {
  const text = message.errorMessage;
  if (message.stopReason === "error" && text) {
    return !kRateLimit.test(text) && kOverflow.some((pattern) => pattern.test(text));
  }
  if (!contextWindow) return false;
  const input = message.usage.input + message.usage.cacheRead;
  if (message.stopReason === "stop") return input > contextWindow;
  return message.stopReason === "length" && message.usage.output === 0 &&
    input >= contextWindow * 0.99;
}

export function isRetryableAssistantError(message: any): boolean {
  const text = message?.errorMessage;
  if (message?.stopReason !== "error" || !text || isContextOverflow(message)) return false;
  return !kFinal.test(text) && kTransient.test(text);
}
