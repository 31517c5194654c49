import { ReadingQueue } from '../reading-queue.ts';
import type { PictureMethods, PreparedPicture } from './picture-methods.ts';
import pictureWorker from './worker/picture-worker.ts?worker-file';

/** Starts with the first picture. One at a time, so that several large ones are not decoded in memory at once. */
const pictures = new ReadingQueue<PictureMethods>(pictureWorker, 'alcove-pictures');

/**
 * A picture as models and servers take it: PNG or JPEG, upright, at most `LONGEST_SIDE` pixels long, without place, camera
 * and other metadata. Of an animation its first frame. Its content decides what it is, not its name, and nothing in it runs.
 * @throws AlcoveError `picture-unsupported` for SVG and for what the browser does not decode; `picture-too-large` before it
 *   is decoded; `document-empty`, `document-broken`, `document-changed`; `worker-failed`; AbortError
 */
export function preparePicture(file: Blob, { signal }: { signal?: AbortSignal } = {}): Promise<PreparedPicture> {
  return pictures.call('prepare', file, { signal });
}
