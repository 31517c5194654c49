import { LONGEST_SIDE } from '../picture-limits.ts';
import type { PreparedPicture } from '../picture-methods.ts';
import { type PictureFormat, unsupported } from './check-picture.ts';

/** A PNG above this size is of a photograph, which a JPEG stores in a tenth. Bytes. */
const MOST_PNG_BYTES = 1024 * 1024;

/** Of a JPEG: its errors are below what models see. */
const QUALITY = 0.9;

/** Decodes a picture, upright, and encodes it again, which leaves its metadata behind. */
export async function scalePicture(file: Blob, format: PictureFormat): Promise<PreparedPicture> {
  const bitmap = await decode(file, format);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) throw new Error('no canvas');
  // Engines read what is transparent as black, on which black text vanishes.
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return { picture: await encode(canvas, format), width, height };
}

/** Safari decodes HEIC; other browsers do on few systems. */
async function decode(file: Blob, format: PictureFormat): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch (error) {
    throw format === 'heic' ? unsupported(format) : error;
  }
}

async function encode(canvas: OffscreenCanvas, format: PictureFormat): Promise<Blob> {
  if (format === 'sharp') {
    const png = await canvas.convertToBlob({ type: 'image/png' });
    if (png.size <= MOST_PNG_BYTES) return png;
  }
  return canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
}
