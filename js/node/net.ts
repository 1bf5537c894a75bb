// SPDX-License-Identifier: MIT
/**
 * Sockets. Importable, so that an extension loads; whatever is called says by its name that it is
 * not there.
 */
import { unsupportedFunction } from "isopod:core";

const missing = (name: string) => unsupportedFunction(`node:net.${name}`);

export const BlockList = missing("BlockList");
export const Server = missing("Server");
export const Socket = missing("Socket");
export const SocketAddress = missing("SocketAddress");
export const Stream = missing("Stream");
export const _createServerHandle = missing("_createServerHandle");
export const _normalizeArgs = missing("_normalizeArgs");
export const _setSimultaneousAccepts = missing("_setSimultaneousAccepts");
export const connect = missing("connect");
export const createConnection = missing("createConnection");
export const createServer = missing("createServer");
export const getDefaultAutoSelectFamily = missing("getDefaultAutoSelectFamily");
export const getDefaultAutoSelectFamilyAttemptTimeout =
  missing("getDefaultAutoSelectFamilyAttemptTimeout");
export const setDefaultAutoSelectFamily = missing("setDefaultAutoSelectFamily");
export const setDefaultAutoSelectFamilyAttemptTimeout =
  missing("setDefaultAutoSelectFamilyAttemptTimeout");
export { isIP, isIPv4, isIPv6 } from "./ip";
import { isIP, isIPv4, isIPv6 } from "./ip";

export default {
  BlockList, Server, Socket, SocketAddress, Stream, _createServerHandle, _normalizeArgs,
  _setSimultaneousAccepts, connect, createConnection, createServer, getDefaultAutoSelectFamily,
  getDefaultAutoSelectFamilyAttemptTimeout, setDefaultAutoSelectFamily,
  setDefaultAutoSelectFamilyAttemptTimeout, isIP, isIPv4, isIPv6,
};
