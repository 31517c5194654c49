import { AlcoveError } from '../../../platform/errors.ts';
import {
  MANIFEST_NAME,
  type ModelArchive,
  readArchive,
  readArchiveFolder,
} from '../../../storage/weights/model-archive.ts';
import type { PickedFile } from '../custom-models.ts';
import type { ModelDraft } from './draft.ts';
import { draftOfFiles } from './gguf-drafts.ts';
import { draftOfJson } from './share-link.ts';

export type OpenedFiles =
  | { readonly kind: 'nothing' }
  /** An exported model, as one file or as a folder. */
  | { readonly kind: 'archive'; readonly archive: ModelArchive }
  /** A model's record without its weights. */
  | { readonly kind: 'record'; readonly draft: ModelDraft }
  | { readonly kind: 'gguf'; readonly draft: ModelDraft };

/** Largest file that is read as a record; a record has some hundred bytes. */
const MOST_JSON_BYTES = 1_000_000;

/** Reads what the picked files contain. @throws AlcoveError `record-invalid`, `gguf-…`, `archive-…` */
export async function openFiles(picked: readonly PickedFile[]): Promise<OpenedFiles> {
  const [first] = picked;
  if (first === undefined) return { kind: 'nothing' };
  if (picked.some(({ file }) => file.name === MANIFEST_NAME)) {
    return { kind: 'archive', archive: await readArchiveFolder(picked.map(({ file }) => file)) };
  }
  if (/\.tar$/i.test(first.file.name)) return { kind: 'archive', archive: await readArchive(first.file) };
  if (/\.json$/i.test(first.file.name)) return { kind: 'record', draft: draftOfJson(await readJson(first.file)) };
  return { kind: 'gguf', draft: await draftOfFiles(picked) };
}

async function readJson(file: File): Promise<unknown> {
  try {
    return JSON.parse(await file.slice(0, MOST_JSON_BYTES).text());
  } catch (error) {
    throw new AlcoveError('record-invalid', `${file.name} is not JSON`, { data: { path: '' }, cause: error });
  }
}
