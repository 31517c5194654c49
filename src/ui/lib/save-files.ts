import { isAbortError, toAlcoveError } from '../../platform/errors.ts';
import type { TarEntry } from '../../storage/weights/tar.ts';
import type { WriteWatch } from '../contract/events.ts';
import { saveFile as saveByLink } from './save-file.ts';

/**
 * What TypeScript's library lacks of https://wicg.github.io/file-system-access/ Chromium alone has the pickers, and
 * handles with `remove` since 110.
 */
interface PickerWindow {
  showSaveFilePicker?(options: { suggestedName: string }): Promise<FileSystemFileHandle & { remove(): Promise<void> }>;
  showDirectoryPicker?(options: { mode: 'readwrite' }): Promise<FileSystemDirectoryHandle>;
}

export function canSaveFolders(): boolean {
  return (globalThis as PickerWindow).showDirectoryPicker !== undefined;
}

/**
 * Writes a file where the reader chooses, as it is read, or hands it to the browser's downloads. Call it after a click.
 * @param make what to write, asked for once a place was chosen
 * @returns true when it is written; false when the browser sees to it from here
 * @throws AbortError when no place was chosen, or the watch ended it; what `make` throws
 */
export async function saveFile(name: string, make: () => Promise<Blob>, watch?: WriteWatch): Promise<boolean> {
  const { showSaveFilePicker }: PickerWindow = globalThis as PickerWindow;
  if (showSaveFilePicker === undefined) {
    saveByLink(name, await make());
    return false;
  }
  const handle = await showSaveFilePicker({ suggestedName: name });
  const blob = await make().catch(async (error: unknown) => {
    // The picker has made an empty file.
    await handle.remove().catch(() => {});
    throw error;
  });
  await writeAll([{ blob, open: async () => handle, remove: () => handle.remove() }], watch);
  return true;
}

/** Writes files into a folder of their own, below one that the reader chooses. @throws AbortError; what `make` throws */
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

/** Writes files one after the other. Of a writing that ends before its end nothing is left. */
async function writeAll(files: readonly FileToWrite[], watch: WriteWatch | undefined): Promise<void> {
  const totalBytes = files.reduce((sum, { blob }) => sum + blob.size, 0);
  let writtenBytes = 0;
  const count = (piece: Uint8Array): void => {
    writtenBytes += piece.byteLength;
    watch?.onProgress({ writtenBytes, totalBytes });
  };
  watch?.onProgress({ writtenBytes, totalBytes });
  const begun: FileToWrite[] = [];
  try {
    for (const file of files) {
      begun.push(file);
      await write(await file.open(), file.blob, count, watch?.signal);
    }
  } catch (error) {
    // What cannot be taken away stays: its place may be gone.
    await Promise.allSettled(begun.map((file) => file.remove()));
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
  // Nothing is there before the stream is closed: a cut leaves no half file.
  await blob
    .stream()
    .pipeThrough(counter)
    .pipeTo(await handle.createWritable(), signal && { signal });
}

/** Makes the folders on the way, too. */
async function openBelow(folder: FileSystemDirectoryHandle, path: readonly string[]): Promise<FileSystemFileHandle> {
  const [name = '', ...rest] = path;
  if (rest.length === 0) return folder.getFileHandle(name, { create: true });
  return openBelow(await folder.getDirectoryHandle(name, { create: true }), rest);
}

/** Removes the folders on the way, too. */
async function removeBelow(folder: FileSystemDirectoryHandle, path: readonly string[]): Promise<void> {
  const [name = '', ...rest] = path;
  if (rest.length > 0) await removeBelow(await folder.getDirectoryHandle(name), rest);
  // Refused of a folder that holds something else.
  await folder.removeEntry(name).catch(() => {});
}
