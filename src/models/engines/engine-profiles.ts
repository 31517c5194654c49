import type { EngineId, ModelRecord } from '../model-record.ts';
import { BROWSER } from './browser.ts';
import type { EngineProfile, WeightsFormat } from './engine-profile.ts';
import { SCRIPTED } from './scripted.ts';
import { SERVER } from './server.ts';
import { WEBLLM } from './webllm.ts';
import { WLLAMA } from './wllama.ts';

export const ENGINE_PROFILES: Readonly<Record<EngineId, EngineProfile>> = {
  webllm: WEBLLM,
  wllama: WLLAMA,
  server: SERVER,
  browser: BROWSER,
  scripted: SCRIPTED,
};

export const ENGINE_IDS = Object.keys(ENGINE_PROFILES) as readonly EngineId[];

/** Of the libraries that run models on this device, by engine. */
export const ENGINE_VERSIONS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(ENGINE_PROFILES).flatMap(([id, { libraryVersion }]) =>
    libraryVersion === undefined ? [] : [[id, libraryVersion]],
  ),
);

export function profileOf({ engine }: Pick<ModelRecord, 'engine'>): EngineProfile {
  return ENGINE_PROFILES[engine];
}

/** The engine for models that a user adds as files of a format. */
export function engineForWeights(format: WeightsFormat): EngineId {
  const id = ENGINE_IDS.find((engine) => ENGINE_PROFILES[engine].weights === format);
  if (id === undefined) throw new Error(`no engine runs ${format}`);
  return id;
}
