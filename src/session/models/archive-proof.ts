import type { PlanOptions } from '../../download/http.ts';
import { readPinned } from '../../download/pinned-revisions.ts';
import { listingSha256 } from '../../download/wanted-files.ts';
import { LIBRARY_PATH } from '../../models/catalogue/new-library.ts';
import type { HuggingFaceSource, ModelRecord } from '../../models/model-record.ts';
import type { ModelPlan, PlannedFile } from '../../storage/weights/stored-model.ts';

/**
 * What the hashes that are known here say of an archive's files. `proven`: all are known and right; `unknown`: none is
 * wrong, and some are not known; `wrong`: they are other files than the known model's.
 */
export type ArchiveProof = 'proven' | 'unknown' | 'wrong';

/**
 * Compares the files of an archive with those of a model that is known here. The archive's own words do not count: only
 * the hashes that the known record or its catalogue's pins have, that of the compiled library among them.
 */
export async function proofOf(
  { source }: ModelRecord,
  { files }: ModelPlan,
  options: PlanOptions,
): Promise<ArchiveProof> {
  if (source.kind === 'huggingface') return pinnedProof(await readPinned(source, options).catch(() => source), files);
  if (source.kind !== 'files' && source.kind !== 'url') return 'wrong';
  const known = new Map(source.files.map(({ path, sha256 }) => [path, sha256]));
  const hasSameFiles = files.length === known.size && files.every(({ path }) => known.has(path));
  return hasSameFiles ? weakest(files.map(({ path, sha256 }) => hashProof(known.get(path), sha256))) : 'wrong';
}

async function pinnedProof(source: HuggingFaceSource, files: readonly PlannedFile[]): Promise<ArchiveProof> {
  const library = files.find(({ path }) => path === LIBRARY_PATH);
  if ((source.library === undefined) !== (library === undefined)) return 'wrong';
  const entries = files
    .filter((file) => file !== library)
    .map(({ path, sizeBytes = 0, sha256, gitBlobId }) => ({
      path,
      sizeBytes,
      // Hugging Face lists one of the two.
      sha256: gitBlobId === undefined ? sha256 : undefined,
      gitBlobId: gitBlobId ?? '',
    }));
  const ofListing = hashProof(source.listingSha256, await listingSha256(entries));
  return weakest([ofListing, library === undefined ? 'proven' : hashProof(source.library?.sha256, library.sha256)]);
}

function hashProof(known: string | undefined, sha256: string | undefined): ArchiveProof {
  if (known === undefined) return 'unknown';
  return known === sha256 ? 'proven' : 'wrong';
}

function weakest(proofs: readonly ArchiveProof[]): ArchiveProof {
  if (proofs.includes('wrong')) return 'wrong';
  return proofs.includes('unknown') ? 'unknown' : 'proven';
}
