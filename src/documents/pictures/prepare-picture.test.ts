import { expect, test } from 'vitest';
import { fromBase64 } from '../../platform/data-url.ts';
import { MOST_PIXELS } from './picture-limits.ts';
import { preparePicture } from './prepare-picture.ts';

type Paint = (context: OffscreenCanvasRenderingContext2D, width: number, height: number) => void;

/** Red on the left, blue on the right. */
const halves: Paint = (context, width, height) => {
  context.fillStyle = 'red';
  context.fillRect(0, 0, width / 2, height);
  context.fillStyle = 'blue';
  context.fillRect(width / 2, 0, width / 2, height);
};

async function painted(width: number, height: number, type: string, paint = halves): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (context !== null) paint(context, width, height);
  return canvas.convertToBlob({ type });
}

/** A pixel as red, green and blue, each rounded to 0 or 255: a JPEG is not exact. */
async function pixel(picture: Blob, x: number, y: number): Promise<readonly number[]> {
  const bitmap = await createImageBitmap(picture);
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  context?.drawImage(bitmap, 0, 0);
  const [...values] = context?.getImageData(x, y, 1, 1).data ?? [];
  return values.slice(0, 3).map((value) => (value > 127 ? 255 : 0));
}

const RED = [255, 0, 0];
const BLUE = [0, 0, 255];
const WHITE = [255, 255, 255];

async function bytesOf(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await blob.arrayBuffer());
}

function big(...values: readonly number[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (const [index, value] of values.entries()) view.setUint32(index * 4, value);
  return new Uint8Array(view.buffer);
}

/** Exif with an orientation of 6, "turn it a quarter to the right", and a text that must not get out. */
const SECRET = 'Null Island';
async function photograph(width: number, height: number): Promise<Blob> {
  const bytes = await bytesOf(await painted(width, height, 'image/jpeg'));
  const tiff = new Uint8Array([0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]);
  const exif = new Blob(['Exif\0\0', tiff, SECRET]);
  const head = new Uint8Array([0xff, 0xd8, 0xff, 0xe1, 0, exif.size + 2]);
  return new Blob([head, exif, bytes.slice(2)], { type: 'image/jpeg' });
}

test('a photograph becomes a JPEG of the size that models read, and one that is smaller stays as large', async () => {
  const large = await preparePicture(await painted(4_000, 3_000, 'image/jpeg'));
  expect(large).toMatchObject({ width: 2_048, height: 1_536, picture: { type: 'image/jpeg' } });
  expect([await pixel(large.picture, 10, 10), await pixel(large.picture, 2_000, 1_500)]).toEqual([RED, BLUE]);
  expect(await preparePicture(await painted(40, 30, 'image/webp'))).toMatchObject({ width: 40, height: 30 });
  expect(await preparePicture(await painted(9_000, 2, 'image/png'))).toMatchObject({ width: 2_048, height: 1 });
});

test('a photograph is turned upright, and nothing of its metadata is kept', async () => {
  const file = await photograph(40, 20);
  expect(await file.text()).toContain(SECRET);
  const { picture, width, height } = await preparePicture(file);
  expect([width, height]).toEqual([20, 40]);
  expect([await pixel(picture, 10, 5), await pixel(picture, 10, 35)]).toEqual([RED, BLUE]);
  expect(await picture.text()).not.toMatch(/Exif|Null Island/);
});

test('a screenshot stays a PNG, on white where it is transparent', async () => {
  const { picture } = await preparePicture(
    await painted(40, 30, 'image/png', (context) => context.clearRect(0, 0, 9, 9)),
  );
  expect(picture.type).toBe('image/png');
  expect(await pixel(picture, 5, 5)).toEqual(WHITE);
});

test('of an animation the first frame is taken', async () => {
  // Two frames of one pixel: red, then blue.
  const frame = (index: number): number[] => [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, index === 0 ? 0x44 : 0x4c, 1, 0];
  const head = [...new TextEncoder().encode('GIF89a'), 1, 0, 1, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 255];
  const gif = new Uint8Array([...head, ...frame(0), 0x21, 0xf9, 4, 0, 9, 0, 0, 0, ...frame(1), 0x3b]);
  const { picture } = await preparePicture(new Blob([gif]));
  expect(await pixel(picture, 0, 0)).toEqual(RED);
});

test('a picture that unpacks to gigabytes is refused by its header', async () => {
  const png = new Blob([big(0x89504e47, 0x0d0a1a0a, 13, 0x49484452, 50_000, 50_000)]);
  const webp = fromBase64('UklGRhIAAABXRUJQVlA4TAUAAAAv/r//Dw==');
  const heic = new Blob([big(24), 'ftypheic', big(0, 0, 20), 'ispe', big(0, 64, 64), 'ispe', big(0, 30_000, 30_000)]);
  for (const file of [png, new Blob([webp]), heic]) {
    const refused = preparePicture(file);
    await expect(refused).rejects.toMatchObject({ code: 'picture-too-large', data: { limit: MOST_PIXELS } });
  }
});

test('what is no picture that is read here is named', async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>';
  const refused = (contents: BlobPart) => preparePicture(new Blob([contents], { type: 'image/png' }));
  for (const text of [svg, `<?xml version="1.0"?>${svg}`, `\ufeff \n<!-- x -->${svg}`]) {
    await expect(refused(text)).rejects.toMatchObject({ code: 'picture-unsupported', data: { kind: 'svg' } });
  }
  await expect(refused('%PDF-1.7')).rejects.toMatchObject({ code: 'picture-unsupported', data: { kind: undefined } });
  await expect(refused('')).rejects.toMatchObject({ code: 'document-empty' });
  const heic = new Blob([big(24), 'ftypheic', big(0, 0, 20), 'ispe', big(0, 64, 64)]);
  await expect(refused(heic)).rejects.toMatchObject({ code: 'picture-unsupported', data: { kind: 'heic' } });
});

test('a picture that is cut short is damaged, and the one after it is read', async () => {
  for (const type of ['image/jpeg', 'image/png', 'image/webp']) {
    const noise: Paint = (context) => {
      for (let at = 0; at < 400; at++) {
        context.fillStyle = `hsl(${(at * 97) % 360} 90% 50%)`;
        context.fillRect((at * 37) % 200, (at * 61) % 200, 30, 30);
      }
    };
    const whole = await painted(200, 200, type, noise);
    for (const share of [0.5, 0.001]) {
      const cut = preparePicture(whole.slice(0, Math.max(14, whole.size * share)));
      await expect(cut, `${type} ${share}`).rejects.toMatchObject({ code: 'document-broken' });
    }
    expect(await preparePicture(whole)).toMatchObject({ width: 200 });
  }
});

test('a stop ends the work', async () => {
  const controller = new AbortController();
  const stopped = preparePicture(await painted(4_000, 3_000, 'image/jpeg'), { signal: controller.signal });
  controller.abort();
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  expect(await preparePicture(await painted(40, 30, 'image/png'))).toMatchObject({ width: 40 });
});
