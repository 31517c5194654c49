import { abortError } from '../../platform/errors.ts';
import type { PickedFile } from '../../session/models/custom-models.ts';

/** What TypeScript's library lacks of https://wicg.github.io/file-system-access/ */
interface PickerWindow {
  showOpenFilePicker?(options: { multiple: boolean }): Promise<FileSystemFileHandle[]>;
}

interface HandleItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

/**
 * Lets the reader choose files: after a click. With handles where the browser has them, so that the files can be opened
 * again at the next visit.
 * @throws AbortError when they chose none
 */
export async function pickFiles(): Promise<readonly PickedFile[]> {
  const { showOpenFilePicker }: PickerWindow = globalThis as PickerWindow;
  if (showOpenFilePicker === undefined) return pickByInput();
  const handles = await showOpenFilePicker({ multiple: true });
  return Promise.all(handles.map(async (handle) => ({ file: await handle.getFile(), handle })));
}

/** What was dropped; call it in the event's own turn, for the browser takes it back after that. */
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
