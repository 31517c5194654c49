/** `alcove-chat/prompt-api`: Chrome's `LanguageModel` in any browser, on an open model. Importing it changes nothing. */

import { ModelSession } from '../../session/model-session.ts';
import { DEFAULT_CATALOGUE_URL } from '../../session/models/default-catalogue.ts';
import type { AlcoveOptions } from '../alcove.ts';
import { type LanguageModelClass, languageModelOf } from './language-model.ts';

export type { LanguageModelClass } from './language-model.ts';
export type { LanguageModelSession } from './language-model-session.ts';
export type * from './language-model-types.ts';

export interface PromptApiOptions extends AlcoveOptions {
  /** Id of the model in the catalogue. */
  readonly model: string;
}

export interface InstallOptions extends PromptApiOptions {
  /** Replaces the browser's own `LanguageModel`. Default: false, it stays if there is one. */
  readonly force?: boolean;
}

/** Makes the class without touching the page's globals. */
export function createLanguageModel(options: PromptApiOptions): LanguageModelClass {
  const { model, catalogueUrl = DEFAULT_CATALOGUE_URL, databaseName } = options;
  const url = new URL(catalogueUrl, document.baseURI).href;
  return languageModelOf(new ModelSession({ catalogueUrl: url, ...(databaseName && { databaseName }) }), model);
}

/** Sets `globalThis.LanguageModel` unless the browser has one. @returns whether it was set */
export function installPromptApi({ force = false, ...options }: InstallOptions): boolean {
  if ('LanguageModel' in globalThis && !force) return false;
  const value = createLanguageModel(options);
  Object.defineProperty(globalThis, 'LanguageModel', { value, configurable: true, writable: true });
  return true;
}
