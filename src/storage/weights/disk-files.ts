import type { DiskFile, ModelRecord } from '../../models/model-record.ts';
import { AlcoveError, isAbortError } from '../../platform/errors.ts';
import { TabChannel } from '../../platform/tab-channel.ts';
import { CustomModelStore } from './custom-model-store.ts';

/** What TypeScript's library lacks from https://wicg.github.io/file-system-access/ */
interface PermissionHandle {
  queryPermission?(descriptor: { mode: 'read' }): Promise<PermissionState>;
  requestPermission?(descriptor: { mode: 'read' }): Promise<PermissionState>;
}

/** Of the messages below. */
const VERSION = 1;

/** In browsers without file handles a tab lends its files to every tab and worker that loads the model, while it is open. */
type LendingNews =
  | { readonly type: 'wanted'; readonly modelId: string }
  | { readonly type: 'lent'; readonly modelId: string; readonly files: readonly File[] };

/** Tabs answer within some milliseconds; a tab that is still starting may take longer. */
const LENDING_TIMEOUT_MS = 2_000;

function openLendingChannel(weightsName: string, onNews: (news: LendingNews) => void): TabChannel<LendingNews> {
  return new TabChannel(`alcove-disk:${weightsName}`, VERSION, onNews);
}

/** Lends files of this page to the workers of all tabs, by reference: nothing is copied. */
export class FileLender {
  readonly #files = new Map<string, readonly File[]>();
  readonly #channel: TabChannel<LendingNews>;

  constructor(weightsName: string) {
    this.#channel = openLendingChannel(weightsName, (news) => {
      const files = news.type === 'wanted' ? this.#files.get(news.modelId) : undefined;
      if (files !== undefined) this.#channel.post({ type: 'lent', modelId: news.modelId, files });
    });
  }

  lend(modelId: string, files: readonly File[]): void {
    this.#files.set(modelId, files);
  }

  has(modelId: string): boolean {
    return this.#files.has(modelId);
  }

  files(modelId: string): readonly File[] | undefined {
    return this.#files.get(modelId);
  }

  takeBack(modelId: string): void {
    this.#files.delete(modelId);
  }

  close(): void {
    this.#channel.close();
  }
}

/** A model's files on the disk. @throws AlcoveError `file-permission`, `file-gone`, `file-replaced` */
export async function openDiskFiles(weightsName: string | undefined, record: ModelRecord): Promise<readonly File[]> {
  const name = weightsName ?? 'alcove-weights';
  const store = new CustomModelStore(name);
  try {
    const handles = (await store.get(record.id))?.handles;
    const expected = record.source.kind === 'disk' ? record.source.files : [];
    const files = handles === undefined ? await borrow(name, record.id) : await openHandles(handles);
    return checkFiles(files, expected);
  } finally {
    store.close();
  }
}

/** @throws AlcoveError `file-permission`, `file-gone` */
export async function openHandles(handles: readonly FileSystemFileHandle[]): Promise<readonly File[]> {
  return Promise.all(handles.map(openHandle));
}

/**
 * Asks for permission where the browser requires it; only after a click.
 * @throws AlcoveError `file-permission`, with `isRefused` in its data
 */
export async function requestAccess(handles: readonly FileSystemFileHandle[]): Promise<void> {
  for (const handle of handles) {
    const asked: FileSystemFileHandle & PermissionHandle = handle;
    const state = (await asked.requestPermission?.({ mode: 'read' })) ?? 'granted';
    if (state !== 'granted') throw noPermission(handle.name, { isRefused: true });
  }
}

/** @throws AlcoveError `file-gone`, `file-replaced` */
export function checkFiles(files: readonly File[] | undefined, expected: readonly DiskFile[]): readonly File[] {
  return expected.map(({ path, sizeBytes, modifiedAt }) => {
    const file = files?.find(({ name }) => name === path);
    if (file === undefined) throw gone(path);
    if (file.size === sizeBytes && file.lastModified === modifiedAt) return file;
    throw new AlcoveError('file-replaced', `${path} is another file than the one that was added`, { data: { path } });
  });
}

async function openHandle(handle: FileSystemFileHandle): Promise<File> {
  const asked: FileSystemFileHandle & PermissionHandle = handle;
  const state = (await asked.queryPermission?.({ mode: 'read' })) ?? 'granted';
  if (state !== 'granted') throw noPermission(handle.name);
  try {
    return await handle.getFile();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotAllowedError')
      throw noPermission(handle.name, { cause: error });
    if (isAbortError(error)) throw error;
    throw gone(handle.name, error);
  }
}

/** @returns undefined when no tab has them */
async function borrow(weightsName: string, modelId: string): Promise<readonly File[] | undefined> {
  const lent = Promise.withResolvers<readonly File[] | undefined>();
  const timer = setTimeout(() => lent.resolve(undefined), LENDING_TIMEOUT_MS);
  const channel = openLendingChannel(weightsName, (news) => {
    if (news.type === 'lent' && news.modelId === modelId) lent.resolve(news.files);
  });
  channel.post({ type: 'wanted', modelId });
  try {
    return await lent.promise;
  } finally {
    clearTimeout(timer);
    channel.close();
  }
}

function noPermission(
  path: string,
  { isRefused, cause }: { readonly isRefused?: true; readonly cause?: unknown } = {},
): AlcoveError {
  const message = `${path} may not be read before the user allows it`;
  return new AlcoveError('file-permission', message, { data: { path, isRefused }, cause });
}

function gone(path: string, cause?: unknown): AlcoveError {
  return new AlcoveError('file-gone', `${path} is not available`, { data: { path }, cause });
}
