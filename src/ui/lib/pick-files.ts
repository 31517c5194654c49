import { abortError } from '../../platform/errors.ts';
import type { PickedFile } from '../../session/models/custom-models.ts';

/** Missing in TypeScript's library; see https://wicg.github.io/file-system-access/ */
interface PickerWindow {
  showOpenFilePicker?(options: { multiple: boolean }): Promise<FileSystemFileHandle[]>;
}

interface HandleItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

/**
 * Opens the browser's file picker; call it after a click. Returns handles where the browser has them, so that the files
 * can be opened again on the next visit.
 * @throws AbortError when the user chose no file
 */
export async function pickFiles(): Promise<readonly PickedFile[]> {
  const { showOpenFilePicker }: PickerWindow = globalThis as PickerWindow;
  if (showOpenFilePicker === undefined) return pickByInput();
  const handles = await showOpenFilePicker({ multiple: true });
  return Promise.all(handles.map(async (handle) => ({ file: await handle.getFile(), handle })));
}

/** The files of a drop. Call it synchronously in the event handler: the browser revokes access afterwards. */
export async function droppedFiles(transfer: DataTransfer): Promise<readonly PickedFile[]> {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file');
  const picked = items.map(async (item): Promise<PickedFile[]> => {
    const file = item.getAsFile();
    const asked: DataTransferItem & HandleItem = item;
    const handle = await asked.getAsFileSystemHandle?.().catch(() => null);
    if (handle?.kind === 'directory' || file === null) return [];
    return [{ file, handle: handle instanceof FileSystemFileHandle ? handle : undefined }];
  });
  return (await Promise.all(picked)).flat();
}

function pickByInput(): Promise<readonly PickedFile[]> {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  return new Promise((resolve, reject) => {
    input.addEventListener('change', () => {
      resolve(Array.from(input.files ?? [], (file) => ({ file, handle: undefined })));
    });
    input.addEventListener('cancel', () => reject(abortError()));
    input.click();
  });
}
