import { msg, str } from '@lit/localize';
import type { PickedFile } from '../../../session/models/custom-models.ts';
import { ADD_MODEL_HASH } from '../../contract/models-address.ts';
import { droppedFiles } from '../../lib/pick-files.ts';
import type { DropHint } from './drop-hint.ts';

/** Files that are opened as a model wherever they are dropped. Other files are left to the element under the pointer. */
const MODEL = /\.(gguf|alcove\.tar)$/i;

export function isModelFile({ name }: File): boolean {
  return MODEL.test(name);
}

let dropped: Promise<readonly PickedFile[]> | undefined;

/** Opens files on the page for adding a model. */
export function openAsModel(files: Promise<readonly PickedFile[]>): void {
  dropped = files;
  location.hash = ADD_MODEL_HASH;
}

/** Takes the dropped files that were not opened yet. */
export function takeDropped(): Promise<readonly PickedFile[]> | undefined {
  const files = dropped;
  dropped = undefined;
  return files;
}

/**
 * Opens a model file wherever on the page it is dropped. While files are dragged over the page, a hint says so.
 * @param say shows why a dropped file cannot be used
 * @returns its undo
 */
export function watchDrops(say: (message: string) => void): () => void {
  let hint: DropHint | undefined;
  let isOver = false;
  const listeners = new AbortController();
  const { signal } = listeners;
  const hide = (): void => {
    isOver = false;
    hint?.remove();
  };
  const show = async (): Promise<void> => {
    isOver = true;
    const { DropHint } = await import('./drop-hint.ts');
    hint ??= new DropHint();
    if (isOver) document.body.append(hint);
  };

  addEventListener(
    'dragover',
    (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      // The element under the pointer takes the files, and says so itself.
      if (event.defaultPrevented) return hide();
      // No element handles the drag; without this the browser would not allow a drop.
      event.preventDefault();
      if (!isOver) void show().catch(() => {});
    },
    { signal },
  );
  // Into nothing: the files have left the window.
  addEventListener('dragleave', (event) => event.relatedTarget === null && hide(), { signal });
  addEventListener(
    'drop',
    (event) => {
      hide();
      const { dataTransfer } = event;
      if (event.defaultPrevented || dataTransfer === null) return;
      // Keeps the browser from navigating to the file.
      event.preventDefault();
      const [first, ...others] = dataTransfer.files;
      if (first === undefined) return;
      const isModel = [first, ...others].some(isModelFile);
      if (!isModel) {
        say(
          msg(
            str`“${first.name}” cannot be used here. A model is a GGUF file or an archive of Alcove (.alcove.tar); saved chats are imported in Settings.`,
          ),
        );
        return;
      }
      openAsModel(droppedFiles(dataTransfer));
    },
    { signal },
  );
  return () => {
    hide();
    listeners.abort();
  };
}
