// SPDX-License-Identifier: MIT
/** `node:https` for clients: `node:http` with another scheme. The host checks certificates. */
import { unsupportedFunction } from "isopod:core";
import { Agent as HttpAgent, ClientRequest } from "node:http";

const missing = (name: string) => unsupportedFunction(`node:https.${name}`);

export class Agent extends HttpAgent {
  readonly protocol: string = "https:";
  readonly defaultPort: number = 443;
}
export let globalAgent = new Agent({ keepAlive: true });
export const Server = missing("Server");
export const createServer = missing("createServer");

export function request(input: any, options?: any, callback?: any): ClientRequest {
  const isListener = typeof options === "function";
  return new ClientRequest(input, { ...(isListener ? {} : options), defaultProtocol: "https:" },
    isListener ? options : callback);
}

export function get(input: any, options?: any, callback?: any): ClientRequest {
  const made = request(input, options, callback);
  made.end();
  return made;
}

export default { Agent, Server, createServer, get, globalAgent, request };
