// SPDX-License-Identifier: MIT
/**
 * HTTP over TLS. Importable, so that an extension loads; whatever is called says by its name that it is
 * not there.
 */
import { unsupportedFunction } from "isopod:core";

const missing = (name: string) => unsupportedFunction(`node:https.${name}`);

export const Agent = missing("Agent");
export const Server = missing("Server");
export const createServer = missing("createServer");
export const get = missing("get");
export const globalAgent = missing("globalAgent");
export const request = missing("request");

export default {
  Agent, Server, createServer, get, globalAgent, request,
};
