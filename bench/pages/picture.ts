import { LONGEST_SIDE } from '../../src/documents/pictures/picture-limits.ts';
import { preparePicture } from '../../src/documents/pictures/prepare-picture.ts';
import { toBase64 } from '../../src/platform/data-url.ts';
import { offer } from './shared/offer.ts';

interface PictureOptions {
  readonly action: 'make' | 'ours' | 'bare';
  readonly width: number;
  readonly height: number;
  /** Of the picture that was made. */
  readonly url: string;
}

/** Makes a photograph, or prepares it for a model: by ours or by the browser's functions alone. */
offer(async ({ action, width, height, url }: PictureOptions) => {
  if (action === 'make') return { base64: await toBase64(await makePhotograph(width, height)) };
  const file = await (await fetch(url)).blob();
  const startedAt = performance.now();
  const picture = action === 'ours' ? (await preparePicture(file)).picture : await bare(file);
  return { ms: performance.now() - startedAt, sizeBytes: picture.size };
});

async function bare(file: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(file);
  const scale = LONGEST_SIDE / Math.max(bitmap.width, bitmap.height);
  const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
}

/** Circles of all sizes and colours: as a JPEG it takes some megabytes, as a camera's does. */
async function makePhotograph(width: number, height: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  for (let at = 0; at < 60_000; at++) {
    context.fillStyle = `hsl(${(at * 137) % 360} 60% ${20 + ((at * 31) % 60)}%)`;
    context.beginPath();
    context.arc((at * 7_919) % width, (at * 104_729) % height, 4 + (at % 60), 0, 7);
    context.fill();
  }
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.92 });
}
