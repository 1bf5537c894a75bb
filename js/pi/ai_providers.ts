// SPDX-License-Identifier: MIT
/** pi's built-in model providers: importable, not there. */
import { unsupportedFunction } from "isopod:core";

const missing = (name: string) =>
  unsupportedFunction(`@earendil-works/pi-ai/providers/all.${name}`);

export const builtinModels = missing("builtinModels");
export const builtinProviders = missing("builtinProviders");
export const getAllBuiltinModels = missing("getAllBuiltinModels");
export const getBuiltinClassifierModel = missing("getBuiltinClassifierModel");
export const getBuiltinClassifierModels = missing("getBuiltinClassifierModels");
export const getBuiltinImageModel = missing("getBuiltinImageModel");
export const getBuiltinImageModels = missing("getBuiltinImageModels");
export const getBuiltinModel = missing("getBuiltinModel");
export const getBuiltinModelDataGeneratedAt = missing("getBuiltinModelDataGeneratedAt");
export const getBuiltinModels = missing("getBuiltinModels");
export const getBuiltinProviders = missing("getBuiltinProviders");
export const radiusProvider = missing("radiusProvider");
