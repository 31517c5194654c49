import type { PickedFile } from '../../../session/models/custom-models.ts';
import { droppedFiles } from '../../lib/pick-files.ts';

/** What is taken for a model wherever it is dropped; other files are for whoever is under the pointer. */
const MODEL = /\.(gguf|alcove\.tar)$/i;

let dropped: Promise<readonly PickedFile[]> | undefined;

/** The files that were dropped and not looked at yet; gone after this call. */
export function takeDropped(): Promise<readonly PickedFile[]> | undefined {
  const files = dropped;
  dropped = undefined;
  return files;
}

addEventListener('dragover', (event) => {
  // Nobody under the pointer wants it: without this the browser would not drop here.
  if (!event.defaultPrevented && event.dataTransfer?.types.includes('Files')) event.preventDefault();
});

addEventListener('drop', (event) => {
  const { dataTransfer } = event;
  if (event.defaultPrevented || dataTransfer === null) return;
  // The page is not left for the file, whatever it is.
  event.preventDefault();
  if (!Array.from(dataTransfer.files).some(({ name }) => MODEL.test(name))) return;
  dropped = droppedFiles(dataTransfer);
  location.hash = '#add';
});
