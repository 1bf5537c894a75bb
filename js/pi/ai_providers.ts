// SPDX-License-Identifier: MIT
/** pi's built-in model providers: none come with this host. */
import { unsupportedFunction } from "isopod:core";

const missing = (name: string) =>
  unsupportedFunction(`@earendil-works/pi-ai/providers/all.${name}`);
const none = (): any[] => [];
const nothing = (): undefined => undefined;

export const builtinProviders = none;
export const getAllBuiltinModels = none;
export const getBuiltinClassifierModel = nothing;
export const getBuiltinClassifierModels = none;
export const getBuiltinImageModel = nothing;
export const getBuiltinImageModels = none;
export const getBuiltinModel = nothing;
export const getBuiltinModelDataGeneratedAt = nothing;
export const getBuiltinModels = none;
export const getBuiltinProviders = none;
export const builtinModels = missing("builtinModels");
export const radiusProvider = missing("radiusProvider");
