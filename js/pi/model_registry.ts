// SPDX-License-Identifier: MIT
/** `ctx.modelRegistry` of a host that runs no models: nothing is found, nothing can be called. */
import { unsupportedError, unsupportedFunction } from "isopod:core";

export function createModelRegistry(): any {
  const registry: Record<string, unknown> = {};
  for (const name of ["find",
         "findOfType",
         "getModelOfType",
         "getProvider",
         "getProviderAuth",
         "getApiKeyForProvider",
  ])
    registry[name] = () => undefined;
  for (const name of ["getAll", "getAvailable", "getModelsOfType", "getAvailableOfType"]) {
    registry[name] = () => [];
  }
  for (const name of ["hasConfiguredAuth", "isUsingOAuth"]) registry[name] = () => false;
  for (const name of [
    "complete", "completeSimple", "classify", "generateImages", "getApiKeyAndHeaders", "refresh",
  ]) {
    registry[name] = async () => {
      throw unsupportedError(`ctx.modelRegistry.${name}`);
    };
  }
  for (const name of ["stream", "streamSimple", "registerProvider", "unregisterProvider"]) {
    registry[name] = unsupportedFunction(`ctx.modelRegistry.${name}`);
  }
  return registry;
}
