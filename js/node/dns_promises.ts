// SPDX-License-Identifier: MIT
/**
 * Name service, with promises. Importable, so that an extension loads; whatever is called says by its name that it is
 * not there.
 */
import { unsupportedFunction } from "isopod:core";

const missing = (name: string) => unsupportedFunction(`node:dns/promises.${name}`);

export const ADDRGETNETWORKPARAMS = missing("ADDRGETNETWORKPARAMS");
export const BADFAMILY = missing("BADFAMILY");
export const BADFLAGS = missing("BADFLAGS");
export const BADHINTS = missing("BADHINTS");
export const BADNAME = missing("BADNAME");
export const BADQUERY = missing("BADQUERY");
export const BADRESP = missing("BADRESP");
export const BADSTR = missing("BADSTR");
export const CANCELLED = missing("CANCELLED");
export const CONNREFUSED = missing("CONNREFUSED");
export const DESTRUCTION = missing("DESTRUCTION");
export const EOF = missing("EOF");
export const FILE = missing("FILE");
export const FORMERR = missing("FORMERR");
export const LOADIPHLPAPI = missing("LOADIPHLPAPI");
export const NODATA = missing("NODATA");
export const NOMEM = missing("NOMEM");
export const NONAME = missing("NONAME");
export const NOTFOUND = missing("NOTFOUND");
export const NOTIMP = missing("NOTIMP");
export const NOTINITIALIZED = missing("NOTINITIALIZED");
export const REFUSED = missing("REFUSED");
export const Resolver = missing("Resolver");
export const SERVFAIL = missing("SERVFAIL");
export const TIMEOUT = missing("TIMEOUT");
export const getDefaultResultOrder = missing("getDefaultResultOrder");
export const getServers = missing("getServers");
export const lookup = missing("lookup");
export const lookupService = missing("lookupService");
export const resolve = missing("resolve");
export const resolve4 = missing("resolve4");
export const resolve6 = missing("resolve6");
export const resolveAny = missing("resolveAny");
export const resolveCaa = missing("resolveCaa");
export const resolveCname = missing("resolveCname");
export const resolveMx = missing("resolveMx");
export const resolveNaptr = missing("resolveNaptr");
export const resolveNs = missing("resolveNs");
export const resolvePtr = missing("resolvePtr");
export const resolveSoa = missing("resolveSoa");
export const resolveSrv = missing("resolveSrv");
export const resolveTxt = missing("resolveTxt");
export const reverse = missing("reverse");
export const setDefaultResultOrder = missing("setDefaultResultOrder");
export const setServers = missing("setServers");

export default {
  ADDRGETNETWORKPARAMS, BADFAMILY, BADFLAGS, BADHINTS, BADNAME, BADQUERY, BADRESP, BADSTR,
  CANCELLED, CONNREFUSED, DESTRUCTION, EOF, FILE, FORMERR, LOADIPHLPAPI, NODATA, NOMEM, NONAME,
  NOTFOUND, NOTIMP, NOTINITIALIZED, REFUSED, Resolver, SERVFAIL, TIMEOUT, getDefaultResultOrder,
  getServers, lookup, lookupService, resolve, resolve4, resolve6, resolveAny, resolveCaa,
  resolveCname, resolveMx, resolveNaptr, resolveNs, resolvePtr, resolveSoa, resolveSrv,
  resolveTxt, reverse, setDefaultResultOrder, setServers,
};
