import { NO_ADDRESS, parseRecord } from '../../models/catalogue/parse-record.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { AlcoveError, type ErrorData } from '../../platform/errors.ts';
import { isFields } from '../../platform/untrusted-json.ts';
import type { ModelPlan, PlannedFile, StoredModel } from './stored-model.ts';
import { readTar, type TarEntry, TarError, writeTar } from './tar.ts';

/** The first file of an archive, and the one that names a folder as one. docs/model-archive.md */
export const MANIFEST_NAME = 'alcove-model.json';

const FORMAT = 'alcove-model';
const VERSION = 1;
const MOST_MANIFEST_BYTES = 4 * 1024 * 1024;
const SHA256 = /^[0-9a-f]{64}$/;
const SHA1 = /^[0-9a-f]{40}$/;
/** A path below its model: no leading slash, no `.` or `..` folder. Files from a disk may have any other name. */
const FILE_PATH = /^(?!\/)(?!.*(^|\/)\.{1,2}(\/|$))[^\p{Cc}\\]{1,300}$/u;
/** Names that an entry keeps in the archive: other programs unpack it as well. */
const ENTRY_NAME = /^[\w./ -]{1,100}$/;

/** What an archive holds, its files not read yet. */
export interface ModelArchive {
  readonly plan: ModelPlan;
  /** By path. */
  readonly blobs: ReadonlyMap<string, Blob>;
}

interface ArchivedFile {
  readonly path: string;
  /** The file's name in the archive. */
  readonly entry: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Where the host lists it in place of a SHA-256. */
  readonly gitBlobId?: string;
  readonly url?: string;
}

/** The manifest, then the files. @throws AlcoveError `model-missing` for one that is not complete, `model-damaged` */
export async function archiveEntries(
  model: StoredModel,
  readFile: (path: string) => Promise<Blob | undefined>,
): Promise<readonly TarEntry[]> {
  const { record, revision, complete } = model;
  if (!complete) throw new AlcoveError('model-missing', `${record.id} is not complete`);
  const files = model.files.map(({ path, sizeBytes, sha256, gitBlobId, url }, index): ArchivedFile => {
    const entry = ENTRY_NAME.test(path) ? path : `file-${index}${/\.\w+$/.exec(path)?.[0] ?? ''}`;
    return {
      path,
      entry,
      sizeBytes: sizeBytes ?? 0,
      sha256: sha256 ?? '',
      ...(gitBlobId !== undefined && { gitBlobId }),
      ...(url !== NO_ADDRESS && { url }),
    };
  });
  const manifest = { format: FORMAT, version: VERSION, record, revision, files };
  const blobs = files.map(async ({ path, entry }) => {
    const blob = await readFile(path);
    if (blob === undefined) throw new AlcoveError('model-damaged', `${path} is not stored`, { data: { path } });
    return { name: entry, blob };
  });
  const text = new Blob([JSON.stringify(manifest, undefined, 2)], { type: 'application/json' });
  return [{ name: MANIFEST_NAME, blob: text }, ...(await Promise.all(blobs))];
}

export function archiveOf(entries: readonly TarEntry[]): Blob {
  return writeTar(entries);
}

/**
 * Reads the manifest and checks that all its files are in the archive. The import compares the hashes.
 * @throws AlcoveError `archive-invalid`, `archive-version`, `archive-cut-short`, `record-invalid`
 */
export async function readArchive(archive: Blob): Promise<ModelArchive> {
  let entries: readonly TarEntry[];
  try {
    entries = await readTar(archive);
  } catch (error) {
    if (!(error instanceof TarError)) throw error;
    const { expectedBytes, message } = error;
    if (expectedBytes === undefined) throw invalid(message, error);
    throw cutShort(expectedBytes, archive.size, error);
  }
  if (entries[0]?.name !== MANIFEST_NAME) throw invalid(`its first file is not ${MANIFEST_NAME}`);
  return readEntries(entries);
}

/** Reads an unpacked archive from a folder's files, in any order. */
export async function readArchiveFolder(files: readonly File[]): Promise<ModelArchive> {
  const manifest = files.find(({ name }) => name === MANIFEST_NAME);
  if (manifest === undefined) throw invalid(`it has no ${MANIFEST_NAME}`);
  // The files' paths begin with the folder's name.
  const root = manifest.webkitRelativePath.slice(0, -MANIFEST_NAME.length);
  return readEntries(
    files.map((file) => ({ name: file.webkitRelativePath.slice(root.length) || file.name, blob: file })),
  );
}

async function readEntries(entries: readonly TarEntry[]): Promise<ModelArchive> {
  const byName = new Map(entries.map(({ name, blob }) => [name, blob]));
  const manifest = await readManifest(byName.get(MANIFEST_NAME));
  const blobs = new Map<string, Blob>();
  for (const { path, entry, sizeBytes } of manifest.files) {
    const blob = byName.get(entry);
    if (blob === undefined) throw invalid(`${entry} is missing`);
    if (blob.size !== sizeBytes) throw cutShort(sizeBytes, blob.size);
    blobs.set(path, blob);
  }
  const files = manifest.files.map(
    ({ path, sizeBytes, sha256, gitBlobId, url }): PlannedFile => ({
      path,
      url: url ?? NO_ADDRESS,
      sizeBytes,
      sha256,
      gitBlobId,
    }),
  );
  return { plan: { record: manifest.record, revision: manifest.revision, files }, blobs };
}

async function readManifest(
  blob: Blob | undefined,
): Promise<{ record: ModelRecord; revision: string; files: readonly ArchivedFile[] }> {
  if (blob === undefined || blob.size > MOST_MANIFEST_BYTES) throw invalid('its manifest is missing or too long');
  let json: unknown;
  try {
    json = JSON.parse(await blob.text());
  } catch (error) {
    throw invalid('its manifest is not JSON', error);
  }
  if (!isFields(json) || json['format'] !== FORMAT) throw invalid('its manifest is of another format');
  const { version, revision, files } = json;
  if (version !== VERSION) {
    throw new AlcoveError('archive-version', `version ${String(version)}`, { data: { version: String(version) } });
  }
  if (typeof revision !== 'string' || !Array.isArray(files) || files.length === 0) throw invalid('it lists no files');
  const list = files.map(readFile);
  if (new Set(list.map(({ path }) => path)).size !== list.length) throw invalid('it lists a file twice');
  return { record: parseRecord(json['record']), revision, files: list };
}

function readFile(value: unknown): ArchivedFile {
  if (!isFields(value)) throw invalid('it lists something that is no file');
  const { path, entry, sizeBytes, sha256, gitBlobId, url } = value;
  if (typeof path !== 'string' || !FILE_PATH.test(path)) throw invalid('a file has a name that is none');
  if (typeof entry !== 'string') throw invalid(`${path} is nowhere`);
  if (typeof sizeBytes !== 'number' || !Number.isSafeInteger(sizeBytes) || sizeBytes < 0) {
    throw invalid(`${path} has a size that is none`);
  }
  if (typeof sha256 !== 'string' || !SHA256.test(sha256)) throw invalid(`${path} has no hash`);
  const address = typeof url === 'string' ? URL.parse(url) : null;
  const isWeb = address?.protocol === 'https:' || address?.protocol === 'http:';
  const isGit = typeof gitBlobId === 'string' && SHA1.test(gitBlobId);
  return { path, entry, sizeBytes, sha256, ...(isGit && { gitBlobId }), ...(isWeb && { url: address.href }) };
}

function invalid(reason: string, cause?: unknown): AlcoveError {
  return new AlcoveError('archive-invalid', `the archive: ${reason}`, { data: { reason }, cause });
}

function cutShort(expectedBytes: number, receivedBytes: number, cause?: unknown): AlcoveError {
  const data: ErrorData = { expectedBytes, receivedBytes };
  return new AlcoveError('archive-cut-short', `${receivedBytes} of at least ${expectedBytes} bytes`, { data, cause });
}
