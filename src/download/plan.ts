import { AlcoveError } from '../errors.ts';
import type { ModelRecord, ModelSource } from '../models/model-record.ts';
import type { ModelPlan, PlannedFile } from '../storage/weight-store.ts';
import { listRepository, pinRevision, resolveUrl } from './huggingface.ts';
import { type PlanOptions, request } from './plan-request.ts';

/** The name under which the engine asks for the compiled library. */
export const LIBRARY_PATH = 'library.wasm';

/** What web-llm reads of a repository in MLC's format; the rest of it, such as its README, is not for the engine. */
const WANTED =
  /^(mlc-chat-config\.json|tensor-cache\.json|ndarray-cache\.json|params_shard_\d+\.bin|tokenizer\.model|tokenizer(_config)?\.json|vocab\.json|merges\.txt|added_tokens\.json)$/;

/**
 * Everything about a download before its first byte: files with their sizes and hashes, pinned to a revision.
 *
 * @param options.baseUrl the catalogue's address, against which its relative addresses are resolved
 * @param options.huggingFaceUrl default https://huggingface.co; a mirror has the same paths
 * @throws AlcoveError `not-found`, `access-denied`, `rate-limited`, `server-error`, `not-weights`, `offline`,
 * `blocked-by-policy`; AbortError
 */
export async function planDownload(record: ModelRecord, options: PlanOptions): Promise<ModelPlan> {
  const { source } = record;
  if (source.kind === 'huggingface') return planRepository(record, source, options);
  return {
    record,
    revision: source.revision,
    files: source.files.map((file) => ({
      path: file.path,
      url: new URL(file.url, options.baseUrl).href,
      sizeBytes: file.sizeBytes,
      sha256: file.sha256,
      gitBlobId: undefined,
    })),
  };
}

async function planRepository(
  record: ModelRecord,
  source: ModelSource & { kind: 'huggingface' },
  options: PlanOptions,
): Promise<ModelPlan> {
  const [{ commit, entries }, library] = await Promise.all([
    listCommit(source.repo, source.revision, options),
    planLibrary(source.library, options),
  ]);
  const wanted = entries.filter((entry) => WANTED.test(entry.path));
  // The older name is kept beside the newer one in some repositories; the engine reads one of them.
  const hasTensorCache = wanted.some((entry) => entry.path === 'tensor-cache.json');
  const files = wanted
    .filter((entry) => !(hasTensorCache && entry.path === 'ndarray-cache.json'))
    .map((entry) => ({
      path: entry.path,
      url: resolveUrl(source.repo, commit, entry.path, options),
      sizeBytes: entry.sizeBytes,
      sha256: entry.sha256,
      gitBlobId: entry.sha256 === undefined ? entry.gitBlobId : undefined,
    }));
  if (!files.some((file) => file.path.startsWith('params_shard_'))) {
    const url = resolveUrl(source.repo, commit, '', options);
    throw new AlcoveError('not-weights', `${source.repo} holds no weights in MLC's format`, { data: { url } });
  }
  return { record, revision: commit, files: [...files, library] };
}

async function listCommit(repo: string, revision: string, options: PlanOptions) {
  const commit = await pinRevision(repo, revision, options);
  return { commit, entries: await listRepository(repo, commit, options) };
}

async function planLibrary(
  library: (ModelSource & { kind: 'huggingface' })['library'],
  options: PlanOptions,
): Promise<PlannedFile> {
  const url = new URL(library.url, options.baseUrl).href;
  const sizeBytes = library.sizeBytes ?? (await askSize(url, options));
  return { path: LIBRARY_PATH, url, sizeBytes, sha256: library.sha256, gitBlobId: undefined };
}

/** @returns undefined when the host does not say */
async function askSize(url: string, options: PlanOptions): Promise<number | undefined> {
  let response: Response;
  try {
    // With a Range, browsers ask for the file as it is; else the length may be that of a compressed answer.
    response = await request(url, { method: 'HEAD', headers: { Range: 'bytes=0-' } }, options);
  } catch (error) {
    // Hosts need not allow HEAD, also across origins; if there is no connection, the listing says so.
    if (AlcoveError.isInstance(error) && (error.code === 'offline' || error.code === 'server-error')) return undefined;
    throw error;
  }
  const sizeBytes = Number(response.headers.get('Content-Length') ?? Number.NaN);
  return Number.isSafeInteger(sizeBytes) && sizeBytes > 0 ? sizeBytes : undefined;
}
