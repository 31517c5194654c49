import { isAbortError, toAlcoveError } from '../../platform/errors.ts';
import type { TarEntry } from '../../storage/weights/tar.ts';
import type { WriteWatch } from '../contract/events.ts';
import { saveFile as saveByLink } from './save-file.ts';

/** See https://wicg.github.io/file-system-access/: in Chromium only, and `remove` on handles since version 110. */
interface PickerWindow {
  showSaveFilePicker?(options: { suggestedName: string }): Promise<FileSystemFileHandle & { remove(): Promise<void> }>;
  showDirectoryPicker?(options: { mode: 'readwrite' }): Promise<FileSystemDirectoryHandle>;
}

export function canSaveFolders(): boolean {
  return (globalThis as PickerWindow).showDirectoryPicker !== undefined;
}

/**
 * Streams a file to where the user chooses, or else starts a download of it. Call it after a click.
 * @param make makes the content, once the user has chosen where to write it
 * @returns true when the file is written; false when the browser continues with a download
 * @throws AbortError when the user chose no file, or `watch` cancelled; what `make` throws
 */
export async function saveFile(name: string, make: () => Promise<Blob>, watch?: WriteWatch): Promise<boolean> {
  const { showSaveFilePicker }: PickerWindow = globalThis as PickerWindow;
  if (showSaveFilePicker === undefined) {
    saveByLink(name, await make());
    return false;
  }
  const handle = await showSaveFilePicker({ suggestedName: name });
  const blob = await make().catch(async (error: unknown) => {
    // The picker has created an empty file.
    await handle.remove().catch(() => {});
    throw error;
  });
  await writeAll([{ blob, open: async () => handle, remove: () => handle.remove() }], watch);
  return true;
}

/** Writes files into a new folder, below one that the user chooses. @throws AbortError; what `make` throws */
export async function saveFolder(
  name: string,
  make: () => Promise<readonly TarEntry[]>,
  watch?: WriteWatch,
): Promise<void> {
  const parent = await (globalThis as PickerWindow).showDirectoryPicker?.({ mode: 'readwrite' });
  if (parent === undefined) return;
  const entries = await make();
  const files = entries.map(({ name: entryName, blob }) => {
    const path = [name, ...entryName.split('/')];
    return { blob, open: () => openBelow(parent, path), remove: () => removeBelow(parent, path) };
  });
  await writeAll(files, watch);
}

interface FileToWrite {
  readonly blob: Blob;
  open(): Promise<FileSystemFileHandle>;
  remove(): Promise<void>;
}

/** Writes files one after the other. If it fails or is cancelled, it removes what it has written. */
async function writeAll(files: readonly FileToWrite[], watch: WriteWatch | undefined): Promise<void> {
  const totalBytes = files.reduce((sum, { blob }) => sum + blob.size, 0);
  let writtenBytes = 0;
  const count = (piece: Uint8Array): void => {
    writtenBytes += piece.byteLength;
    watch?.onProgress({ writtenBytes, totalBytes });
  };
  watch?.onProgress({ writtenBytes, totalBytes });
  const started: FileToWrite[] = [];
  try {
    for (const file of files) {
      started.push(file);
      await write(await file.open(), file.blob, count, watch?.signal);
    }
  } catch (error) {
    // A file that cannot be removed stays; its folder may be gone.
    await Promise.allSettled(started.map((file) => file.remove()));
    throw isAbortError(error) ? error : toAlcoveError(error, 'model-damaged');
  } finally {
    watch?.onProgress(undefined);
  }
}

async function write(
  handle: FileSystemFileHandle,
  blob: Blob,
  onPiece: (piece: Uint8Array) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const counter = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(piece, controller) {
      onPiece(piece);
      controller.enqueue(piece);
    },
  });
  // The file appears when the stream is closed, so an interrupted write leaves no partial file.
  await blob
    .stream()
    .pipeThrough(counter)
    .pipeTo(await handle.createWritable(), signal && { signal });
}

/** Creates parent folders as well. */
async function openBelow(folder: FileSystemDirectoryHandle, path: readonly string[]): Promise<FileSystemFileHandle> {
  const [name = '', ...rest] = path;
  if (rest.length === 0) return folder.getFileHandle(name, { create: true });
  return openBelow(await folder.getDirectoryHandle(name, { create: true }), rest);
}

/** Removes parent folders as well. */
async function removeBelow(folder: FileSystemDirectoryHandle, path: readonly string[]): Promise<void> {
  const [name = '', ...rest] = path;
  if (rest.length > 0) await removeBelow(await folder.getDirectoryHandle(name), rest);
  // The browser refuses for a folder that is not empty.
  await folder.removeEntry(name).catch(() => {});
}
