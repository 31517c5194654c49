import type { PickedFile } from '../../../session/models/custom-models.ts';
import { ADD_MODEL_HASH } from '../../contract/models-address.ts';
import { droppedFiles } from '../../lib/pick-files.ts';

/** Files that are opened as a model wherever they are dropped. Other files are left to the element under the pointer. */
const MODEL = /\.(gguf|alcove\.tar)$/i;

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

addEventListener('dragover', (event) => {
  // No element handles the drag; without this the browser would not allow a drop.
  if (!event.defaultPrevented && event.dataTransfer?.types.includes('Files')) event.preventDefault();
});

addEventListener('drop', (event) => {
  const { dataTransfer } = event;
  if (event.defaultPrevented || dataTransfer === null) return;
  // Keeps the browser from navigating to the file.
  event.preventDefault();
  if (!Array.from(dataTransfer.files).some(({ name }) => MODEL.test(name))) return;
  openAsModel(droppedFiles(dataTransfer));
});
