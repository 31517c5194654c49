import { safeDecodeUri } from '../../platform/safe-decode-uri.ts';
import { ALL_MODELS, type ModelsPlace } from './models-place.ts';

/** The hash of the page for models, and the beginning of what stands below it. */
export const MODELS_HASH = '#/models';

export const ADD_MODEL_HASH = `${MODELS_HASH}/add`;

const COMPARISON = 'compare';

/** `#/models`, `#/models/ID` or `#/models/compare?id=A&id=B`. */
export function formatModelsPlace(place: ModelsPlace): string {
  switch (place.at) {
    case 'list':
      return MODELS_HASH;
    case 'model':
      return `${MODELS_HASH}/${encodeURIComponent(place.modelId)}`;
    case 'comparison':
      return `${MODELS_HASH}/${COMPARISON}?${new URLSearchParams(place.modelIds.map((id) => ['id', id]))}`;
  }
}

/** @returns undefined for a hash of anything else. `#models` was the page's hash before it had others below it */
export function readModelsPlace(hash: string): ModelsPlace | undefined {
  if (hash === MODELS_HASH || hash === '#models') return ALL_MODELS;
  if (!hash.startsWith(`${MODELS_HASH}/`)) return undefined;
  const [name = '', query] = hash.slice(MODELS_HASH.length + 1).split('?');
  if (name === COMPARISON && query !== undefined) {
    return { at: 'comparison', modelIds: new URLSearchParams(query).getAll('id') };
  }
  return name === '' ? ALL_MODELS : { at: 'model', modelId: safeDecodeUri(name) };
}
