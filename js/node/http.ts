// SPDX-License-Identifier: MIT
/**
 * HTTP. Importable, so that an extension loads; whatever is called says by its name that it is
 * not there.
 */
import { unsupportedFunction } from "isopod:core";

const missing = (name: string) => unsupportedFunction(`node:http.${name}`);

export const Agent = missing("Agent");
export const ClientRequest = missing("ClientRequest");
export const IncomingMessage = missing("IncomingMessage");
export const METHODS = missing("METHODS");
export const OutgoingMessage = missing("OutgoingMessage");
export const STATUS_CODES = missing("STATUS_CODES");
export const Server = missing("Server");
export const ServerResponse = missing("ServerResponse");
export const _connectionListener = missing("_connectionListener");
export const createServer = missing("createServer");
export const get = missing("get");
export const globalAgent = missing("globalAgent");
export const maxHeaderSize = missing("maxHeaderSize");
export const request = missing("request");
export const setMaxIdleHTTPParsers = missing("setMaxIdleHTTPParsers");
export const validateHeaderName = missing("validateHeaderName");
export const validateHeaderValue = missing("validateHeaderValue");

export default {
  Agent, ClientRequest, IncomingMessage, METHODS, OutgoingMessage, STATUS_CODES, Server,
  ServerResponse, _connectionListener, createServer, get, globalAgent, maxHeaderSize, request,
  setMaxIdleHTTPParsers, validateHeaderName, validateHeaderValue,
};
