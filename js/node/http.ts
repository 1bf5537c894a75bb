// SPDX-License-Identifier: MIT
/**
 * `node:http` for clients: requests go over the same hostcalls as `fetch`. There are no sockets, so
 * an agent does nothing, and nobody can be listened to.
 */
import { unsupportedFunction } from "isopod:core";
import Stream from "isopod:node/stream";
import { ClientRequest, IncomingMessage, validateHeaderName, validateHeaderValue } from "./http_messages";
import { METHODS, STATUS_CODES } from "./http_names";

export { ClientRequest, IncomingMessage, METHODS, STATUS_CODES, validateHeaderName, validateHeaderValue };

const missing = (name: string) => unsupportedFunction(`node:http.${name}`);

/** Keeps its options and no connections: the host reuses those by itself. */
export class Agent {
  readonly sockets = {};
  readonly freeSockets = {};
  readonly requests = {};
  maxSockets = Infinity;
  maxFreeSockets = 256;
  keepAlive: boolean;
  readonly protocol: string = "http:";
  readonly defaultPort: number = 80;

  constructor(readonly options: any = {}) {
    this.keepAlive = Boolean(options?.keepAlive);
    this.options = { ...options };
  }
  destroy(): void {}
  on(): this { return this; }
  once(): this { return this; }
  off(): this { return this; }
}

export let globalAgent = new Agent({ keepAlive: true });
export const maxHeaderSize = 16384;
export const OutgoingMessage = (Stream as any).Writable;
export const Server = missing("Server");
export const ServerResponse = missing("ServerResponse");
export const createServer = missing("createServer");
export const _connectionListener = missing("_connectionListener");
export const setMaxIdleHTTPParsers = missing("setMaxIdleHTTPParsers");

export function request(input: any, options?: any, callback?: any): ClientRequest {
  return new ClientRequest(input, options, callback);
}

export function get(input: any, options?: any, callback?: any): ClientRequest {
  const made = request(input, options, callback);
  made.end();
  return made;
}

export default {
  Agent, ClientRequest, IncomingMessage, METHODS, OutgoingMessage, STATUS_CODES, Server,
  ServerResponse, _connectionListener, createServer, get, globalAgent, maxHeaderSize, request,
  setMaxIdleHTTPParsers, validateHeaderName, validateHeaderValue,
};
