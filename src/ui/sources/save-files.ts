import { toAlcoveError } from '../../errors.ts';
import type { TarEntry } from '../../storage/tar.ts';
import { saveFile as saveByLink } from '../save-file.ts';

/** What TypeScript's library lacks of https://wicg.github.io/file-system-access/ */
interface PickerWindow {
  showSaveFilePicker?(options: { suggestedName: string }): Promise<FileSystemFileHandle>;
  showDirectoryPicker?(options: { mode: 'readwrite' }): Promise<FileSystemDirectoryHandle>;
}

export function canSaveFolders(): boolean {
  return (globalThis as PickerWindow).showDirectoryPicker !== undefined;
}

/**
 * Writes a file where the reader chooses, as it is read, or hands it to the browser's downloads. Call it after a click.
 * @param make what to write, asked for once a place was chosen
 * @returns true when it is written; false when the browser sees to it from here
 * @throws AbortError when no place was chosen; what `make` throws
 */
export async function saveFile(name: string, make: () => Promise<Blob>): Promise<boolean> {
  const { showSaveFilePicker }: PickerWindow = globalThis as PickerWindow;
  if (showSaveFilePicker === undefined) {
    saveByLink(name, await make());
    return false;
  }
  const handle = await showSaveFilePicker({ suggestedName: name });
  const blob = await make();
  await write(handle, blob);
  return true;
}

/** Writes files into a folder of their own, below one that the reader chooses. @throws AbortError; what `make` throws */
export async function saveFolder(name: string, make: () => Promise<readonly TarEntry[]>): Promise<void> {
  const parent = await (globalThis as PickerWindow).showDirectoryPicker?.({ mode: 'readwrite' });
  if (parent === undefined) return;
  const entries = await make();
  const root = await parent.getDirectoryHandle(name, { create: true });
  for (const { name: path, blob } of entries) {
    const folders = path.split('/');
    const file = folders.pop() ?? path;
    let folder = root;
    for (const part of folders) folder = await folder.getDirectoryHandle(part, { create: true });
    await write(await folder.getFileHandle(file, { create: true }), blob);
  }
}

async function write(handle: FileSystemFileHandle, blob: Blob): Promise<void> {
  try {
    // Nothing is there before the stream is closed: a cut leaves no half file.
    await blob.stream().pipeTo(await handle.createWritable());
  } catch (error) {
    throw toAlcoveError(error, 'model-damaged');
  }
}
