import { AlcoveError } from '../../../platform/errors.ts';
import { type ImageSize, imageSize } from '../../../platform/image-size.ts';
import { MOST_PIXELS, MOST_SIDE } from '../picture-limits.ts';

/** `sharp`: of kinds that keep each pixel, for screenshots and drawings. `photo`: of kinds that do not. */
export type PictureFormat = 'sharp' | 'photo' | 'heic';

/** Enough for the header behind a camera's metadata, which has a preview and may be a few times 64 KB. */
const HEADER_BYTES = 1024 * 1024;

/** Brands of pictures in ISO base media files; HEIC's also stand for HEVC in others. */
const HEIC_BRANDS = /^(?:hei[cmsx]|hev[cmsx]|mif1|msf1)$/;
const AVIF_BRANDS = /^avi[fs]$/;

/**
 * What a file is and how large it is once decoded, from its header: a few bytes can name a picture that takes gigabytes.
 * @throws AlcoveError `document-empty`, `picture-unsupported`, `picture-too-large`, `document-broken`
 */
export async function checkPicture(file: Blob): Promise<PictureFormat> {
  if (file.size === 0) throw new AlcoveError('document-empty', 'no byte');
  const bytes = new Uint8Array(await file.slice(0, HEADER_BYTES).arrayBuffer());
  const start = String.fromCharCode(...bytes.subarray(0, 1024));
  const brand = start.slice(4, 8) === 'ftyp' ? start.slice(8, 12) : '';
  const isHeic = HEIC_BRANDS.test(brand);
  if (/^(?:\u00ef\u00bb\u00bf)?\s*<(?:\?xml|!--|!doctype svg|svg)/i.test(start)) throw unsupported('svg');
  const isMedia = isHeic || AVIF_BRANDS.test(brand);
  const size = isMedia ? mediaSize(bytes) : start.startsWith('BM') ? bitmapSize(bytes) : imageSize(bytes);
  if (size === undefined) throw isKnown(start) || isMedia ? broken('its header says no size') : unsupported();
  checkSize(size);
  if (isHeic) return 'heic';
  return /^(?:\x89PNG|GIF8|BM)/.test(start) ? 'sharp' : 'photo';
}

function checkSize({ width, height }: ImageSize): void {
  if (width === 0 || height === 0) throw broken('it has no pixel');
  if (width * height > MOST_PIXELS || Math.max(width, height) > MOST_SIDE) {
    throw new AlcoveError('picture-too-large', `${width} × ${height} pixels`, {
      data: { width, height, limit: MOST_PIXELS },
    });
  }
}

function isKnown(start: string): boolean {
  return /^(?:\x89PNG|GIF8|\xff\xd8|RIFF.{4}WEBP|BM)/s.test(start);
}

/** The largest of the boxes `ispe` (image spatial extents): the others are of tiles and previews. ISO/IEC 23008-12, 6.5.3 */
function mediaSize(bytes: Uint8Array<ArrayBuffer>): ImageSize | undefined {
  const view = new DataView(bytes.buffer);
  let largest: ImageSize | undefined;
  for (let at = bytes.indexOf(0x69); at !== -1 && at + 16 <= bytes.length; at = bytes.indexOf(0x69, at + 1)) {
    if (view.getUint32(at) !== 0x69737065) continue;
    const size = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) };
    if (largest === undefined || size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
}

/** The height is negative where the rows run downwards. */
function bitmapSize(bytes: Uint8Array<ArrayBuffer>): ImageSize | undefined {
  if (bytes.length < 26) return undefined;
  const view = new DataView(bytes.buffer);
  return { width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) };
}

export function unsupported(kind?: 'svg' | 'heic'): AlcoveError {
  return new AlcoveError('picture-unsupported', `no picture that is read here: ${kind}`, { data: { kind } });
}

function broken(reason: string): AlcoveError {
  return new AlcoveError('document-broken', reason, { data: {} });
}
