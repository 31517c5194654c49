import { expect, test } from 'vitest';
import { imageSize } from '../../platform/image-size.ts';
import { isInlineImage } from './address.ts';

async function encoded(type: string, width: number, height: number): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.fillRect(0, 0, 1, 1);
  return new Uint8Array(await (await canvas.convertToBlob({ type })).arrayBuffer());
}

test.each(['image/png', 'image/jpeg', 'image/webp'])('the size of a picture of %s is read', async (type) => {
  expect(imageSize(await encoded(type, 321, 123))).toEqual({ width: 321, height: 123 });
});

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** A GIF of one pixel on a screen of one. */
const DOT = 'R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=';

test('a GIF is as large as its screen or its first frame', () => {
  expect(imageSize(bytes(DOT))).toEqual({ width: 1, height: 1 });
  const large = bytes(DOT);
  large.set([0xff, 0x7f], 18);
  expect(imageSize(large)).toEqual({ width: 0x7fff, height: 1 });
});

/** The lossless and the extended form of a WebP of 16,383 by 16,383 pixels, which unpacks to 1 GB. */
const HUGE = ['UklGRhIAAABXRUJQVlA4TAUAAAAv/r//Dw==', 'UklGRhIAAABXRUJQVlA4WAoAAAAAAAAA/j8A/j8A'];

test('a picture that unpacks to too much, or says no size, is not shown', () => {
  for (const data of HUGE) {
    expect(imageSize(bytes(data))).toEqual({ width: 16_383, height: 16_383 });
    expect(isInlineImage(`data:image/webp;base64,${data}`)).toBe(false);
  }
  expect(isInlineImage('data:image/png;base64,aaaa')).toBe(false);
  expect(isInlineImage(`data:image/gif;base64,${DOT}`)).toBe(true);
});
