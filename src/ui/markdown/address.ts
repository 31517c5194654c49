import { fromBase64 } from '../../platform/data-url.ts';
import { imageSize } from '../../platform/image-size.ts';

/** The target of a link: what is shown of it, and the URL that is opened. */
export interface SafeAddress {
  readonly href: string;
  /** The host in its ASCII form, or the mail address: what the user can judge the link by. */
  readonly host: string;
}

const SCHEMES: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);

/** Longer URLs are not links: nobody can check them, and they can exfiltrate much text. */
const LENGTH_LIMIT = 2_048;

/**
 * Parses the target of a model's link; undefined where it must stay text: a scheme other than http, https or mailto, no
 * scheme (`//host`, `page`), a user name before the host, control characters.
 */
export function safeAddress(href: string): SafeAddress | undefined {
  if (href.length > LENGTH_LIMIT || hasControls(href)) return undefined;
  const url = URL.parse(href);
  if (url === null || !SCHEMES.has(url.protocol) || url.username !== '' || url.password !== '') return undefined;
  const host = url.protocol === 'mailto:' ? readable(url.pathname) : url.host;
  return host === '' ? undefined : { href: url.href, host };
}

/** The host that an image would be fetched from; "this page" for a URL without a host. */
export function imageHost(src: string): string {
  const url = URL.parse(src, 'https://invalid/');
  if (url === null) return 'unknown';
  if (url.host === 'invalid') return 'a relative address';
  return url.host === '' ? url.protocol : url.host;
}

/** Most characters of a data URL of an image, about 1.5 MB. */
const INLINE_IMAGE_LIMIT = 2_000_000;

/** Most pixels of such an image, 4,096 by 4,096: 64 MiB once unpacked. */
const INLINE_IMAGE_PIXELS = 4_096 * 4_096;

/** Characters of base64 in which the size is looked for: metadata may stand before it. A multiple of 4. */
const IMAGE_HEADER_LENGTH = 400_000;

/** Whether a URL is an image in the text itself, of a type that cannot contain script and of a size that memory can hold. */
export function isInlineImage(src: string): boolean {
  const match = /^data:image\/(?:png|jpeg|gif|webp);base64,([a-z0-9+/]+=*)$/i.exec(src.slice(0, INLINE_IMAGE_LIMIT));
  if (match?.[1] === undefined || src.length >= INLINE_IMAGE_LIMIT) return false;
  const size = imageSize(bytesOf(match[1].slice(0, IMAGE_HEADER_LENGTH)));
  return size !== undefined && size.width * size.height <= INLINE_IMAGE_PIXELS;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return fromBase64(base64);
  } catch {
    return new Uint8Array();
  }
}

/** Scripts whose letters join or form ligatures: there, a zero-width (non-)joiner is part of the spelling. */
const JOINING =
  '\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Nko}\\p{Script=Mongolian}\\p{Script=Devanagari}\\p{Script=Bengali}\\p{Script=Gurmukhi}\\p{Script=Gujarati}\\p{Script=Oriya}\\p{Script=Tamil}\\p{Script=Telugu}\\p{Script=Kannada}\\p{Script=Malayalam}\\p{Script=Sinhala}\\p{Script=Khmer}\\p{Script=Myanmar}';
const EMOJI = '\\p{Extended_Pictographic}\\ufe0f\\u{1f3fb}-\\u{1f3ff}';
const DISGUISE = new RegExp(
  `((?<=[${JOINING}])[\\u200c\\u200d](?=[${JOINING}])|(?<=[${EMOJI}])\\u200d(?=\\p{Extended_Pictographic}))|` +
    '[\\p{Cc}\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff]',
  'gu',
);

/** Removes characters that disguise a text: direction controls, and zero-width characters that join nothing. */
export function withoutDisguise(text: string): string {
  return text.replace(DISGUISE, (_, joiner: string | undefined) => joiner ?? '');
}

function hasControls(href: string): boolean {
  return /[\p{Cc}\s\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u.test(href);
}

function readable(path: string): string {
  try {
    return withoutDisguise(decodeURIComponent(path));
  } catch {
    return path;
  }
}
