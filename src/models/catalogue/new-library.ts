import type { ModelRecord } from '../model-record.ts';

/** The name under which the engine asks for a model's compiled library. */
export const LIBRARY_PATH = 'library.wasm';

/**
 * Whether the catalogue now names another compiled library than the one that a stored model was downloaded with: libraries are
 * compiled again for a newer web-llm, while the weights stay unchanged.
 */
export function hasNewLibrary(stored: ModelRecord, listed: ModelRecord): boolean {
  const [old, now] = [libraryOf(stored), libraryOf(listed)];
  if (old === undefined || now === undefined) return false;
  if (old.sha256 !== undefined && now.sha256 !== undefined) return old.sha256 !== now.sha256;
  return old.url !== now.url;
}

function libraryOf({ source }: ModelRecord): { readonly url: string; readonly sha256?: string } | undefined {
  if (source.kind === 'huggingface') return source.library;
  return source.kind === 'files' ? source.files.find(({ path }) => path === LIBRARY_PATH) : undefined;
}
