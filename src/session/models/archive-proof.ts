import type { PlanOptions } from '../../download/http.ts';
import { readPinned } from '../../download/pinned-revisions.ts';
import { listingSha256 } from '../../download/wanted-files.ts';
import { LIBRARY_PATH } from '../../models/catalogue/new-library.ts';
import type { HuggingFaceSource, ModelRecord } from '../../models/model-record.ts';
import type { ModelPlan, PlannedFile } from '../../storage/weights/stored-model.ts';

/**
 * Whether the files of an archive are those of a model that is known here. The archive's own words do not count: only
 * hashes that the known record or its catalogue's pins have, of all files, the compiled library among them.
 */
export async function isProven({ source }: ModelRecord, { files }: ModelPlan, options: PlanOptions): Promise<boolean> {
  if (source.kind === 'huggingface') return isPinned(await readPinned(source, options).catch(() => source), files);
  if (source.kind !== 'files' && source.kind !== 'url') return false;
  const known = new Map(source.files.map(({ path, sha256 }) => [path, sha256]));
  return files.length === known.size && files.every(({ path, sha256 }) => isKnownHash(known.get(path), sha256));
}

async function isPinned(source: HuggingFaceSource, files: readonly PlannedFile[]): Promise<boolean> {
  const library = files.find(({ path }) => path === LIBRARY_PATH);
  if (!hasRightLibrary(source, library) || source.listingSha256 === undefined) return false;
  const entries = files
    .filter((file) => file !== library)
    .map(({ path, sizeBytes = 0, sha256, gitBlobId }) => ({
      path,
      sizeBytes,
      // Hugging Face lists one of the two.
      sha256: gitBlobId === undefined ? sha256 : undefined,
      gitBlobId: gitBlobId ?? '',
    }));
  return (await listingSha256(entries)) === source.listingSha256;
}

function hasRightLibrary(source: HuggingFaceSource, library: PlannedFile | undefined): boolean {
  if (source.library === undefined || library === undefined)
    return source.library === undefined && library === undefined;
  return isKnownHash(source.library.sha256, library.sha256);
}

function isKnownHash(known: string | undefined, sha256: string | undefined): boolean {
  return known !== undefined && known === sha256;
}
