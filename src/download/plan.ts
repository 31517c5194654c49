import { LIBRARY_PATH } from '../models/catalogue/new-library.ts';
import type { HuggingFaceSource, ModelRecord, ModelSource } from '../models/model-record.ts';
import { AlcoveError } from '../platform/errors.ts';
import type { ModelPlan, PlannedFile, StoredModel } from '../storage/weights/weight-store.ts';
import { type PlanOptions, request } from './http.ts';
import { listRepository, pinRevision, resolveUrl } from './huggingface.ts';
import { readPinned } from './pinned-revisions.ts';
import { listingSha256, wantedEntries } from './wanted-files.ts';

/**
 * Plans a download: its files with sizes and hashes, pinned to a revision.
 *
 * @param options.baseUrl the catalogue's address, against which its relative addresses are resolved
 * @param options.huggingFaceUrl default https://huggingface.co; a mirror has the same paths
 * @throws AlcoveError `not-found`, `access-denied`, `rate-limited`, `server-error`, `not-weights`, `offline`,
 * `blocked-by-policy`, `file-gone` for files on a disk; AbortError
 */
export async function planDownload(record: ModelRecord, options: PlanOptions): Promise<ModelPlan> {
  const { source } = record;
  if (source.kind === 'server' || source.kind === 'custom-server' || source.kind === 'browser')
    throw new AlcoveError('model-too-large', `${record.id} has nothing to download`);
  if (source.kind === 'disk') {
    const path = source.files[0]?.path;
    throw new AlcoveError('file-gone', `${record.id} is on a disk, not at an address`, { data: { path } });
  }
  if (source.kind === 'huggingface') return planRepository(record, source, options);
  if (source.kind === 'url') return planUrls(record, source, options);
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

/**
 * Plans the update of a stored model whose catalogue names a newer library: its files as they are, and that library.
 * @throws AlcoveError as planDownload
 */
export async function planNewLibrary(
  { files, revision }: StoredModel,
  record: ModelRecord,
  options: PlanOptions,
): Promise<ModelPlan> {
  const { source } = record;
  if (source.kind !== 'huggingface') return planDownload(record, options);
  const { library } = await readPinned(source, options);
  const others = files.filter(({ path }) => path !== LIBRARY_PATH);
  return { record, revision, files: library === undefined ? others : [...others, await planLibrary(library, options)] };
}

async function planUrls(
  record: ModelRecord,
  source: ModelSource & { kind: 'url' },
  options: PlanOptions,
): Promise<ModelPlan> {
  const files = source.files.map(async ({ path, url, sizeBytes, sha256 }): Promise<PlannedFile> => {
    const absolute = new URL(url, options.baseUrl).href;
    const size = sizeBytes ?? (await askSize(absolute, options));
    return { path, url: absolute, sizeBytes: size, sha256, gitBlobId: undefined };
  });
  return { record, revision: source.revision, files: await Promise.all(files) };
}

async function planRepository(
  record: ModelRecord,
  source: HuggingFaceSource,
  options: PlanOptions,
): Promise<ModelPlan> {
  const { repo, revision, library, listingSha256: pinnedSha256 } = await readPinned(source, options);
  const [{ commit, entries }, plannedLibrary] = await Promise.all([
    listCommit(repo, revision, options),
    library === undefined ? undefined : planLibrary(library, options),
  ]);
  const wanted = wantedEntries(source, entries);
  const { modelManifest } = record;
  const isWhole = modelManifest === undefined || wanted?.some(({ path }) => path === modelManifest);
  if (wanted === undefined || isWhole !== true) {
    const url = resolveUrl(repo, commit, '', options);
    throw new AlcoveError('not-weights', `${repo} holds no weights like ${source.files ?? modelManifest ?? "MLC's"}`, {
      data: { url },
    });
  }
  if (pinnedSha256 !== undefined && (await listingSha256(wanted)) !== pinnedSha256) {
    throw new AlcoveError('file-changed', `${repo} lists other files than the catalogue`, { data: { path: repo } });
  }
  const files = wanted.map((entry) => ({
    path: entry.path,
    url: resolveUrl(repo, commit, entry.path, options),
    sizeBytes: entry.sizeBytes,
    sha256: entry.sha256,
    gitBlobId: entry.sha256 === undefined ? entry.gitBlobId : undefined,
  }));
  return { record, revision: commit, files: plannedLibrary === undefined ? files : [...files, plannedLibrary] };
}

async function listCommit(repo: string, revision: string, options: PlanOptions) {
  const commit = await pinRevision(repo, revision, options);
  return { commit, entries: await listRepository(repo, commit, options) };
}

async function planLibrary(
  library: NonNullable<HuggingFaceSource['library']>,
  options: PlanOptions,
): Promise<PlannedFile> {
  const url = new URL(library.url, options.baseUrl).href;
  const sizeBytes = library.sizeBytes ?? (await askSize(url, options));
  return { path: LIBRARY_PATH, url, sizeBytes, sha256: library.sha256, gitBlobId: undefined };
}

/** @returns undefined when the host does not report it */
async function askSize(url: string, options: PlanOptions): Promise<number | undefined> {
  let response: Response;
  try {
    // With a Range, browsers ask for the file as it is; else the length may be that of a compressed answer.
    response = await request(url, { method: 'HEAD', headers: { Range: 'bytes=0-' } }, options);
  } catch (error) {
    // Hosts need not allow HEAD, also across origins; a lost connection shows in the listing.
    if (AlcoveError.isInstance(error) && (error.code === 'offline' || error.code === 'server-error')) return undefined;
    throw error;
  }
  const sizeBytes = Number(response.headers.get('Content-Length') ?? Number.NaN);
  return Number.isSafeInteger(sizeBytes) && sizeBytes > 0 ? sizeBytes : undefined;
}
