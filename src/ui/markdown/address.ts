/** An address that a link may lead to: what is shown of it, and what is opened. */
export interface SafeAddress {
  readonly href: string;
  /** What a person judges the address by: the host, in its ASCII form, or the mail address. */
  readonly place: string;
}

const SCHEMES: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);

/** Longer addresses are not links: no one can judge them, and they can carry much away. */
const LENGTH_LIMIT = 2_048;

/**
 * The address of a model's link, or undefined where it must stay text: a scheme that is not http, https or mailto, no
 * scheme at all (`//host`, `page`), a user name in front of the host, control characters.
 */
export function safeAddress(href: string): SafeAddress | undefined {
  if (href.length > LENGTH_LIMIT || hasControls(href)) return undefined;
  const url = URL.parse(href);
  if (url === null || !SCHEMES.has(url.protocol) || url.username !== '' || url.password !== '') return undefined;
  const place = url.protocol === 'mailto:' ? readable(url.pathname) : url.host;
  return place === '' ? undefined : { href: url.href, place };
}

/** The host that an image would have been fetched from; "this page" for an address without one. */
export function imageHost(src: string): string {
  const url = URL.parse(src, 'https://invalid/');
  if (url === null) return 'unknown';
  if (url.host === 'invalid') return 'a relative address';
  return url.host === '' ? url.protocol : url.host;
}

/** Characters of an inline image at most, about 1.5 MB. */
const INLINE_IMAGE_LIMIT = 2_000_000;

/** An image that is in the text itself and cannot hold script. */
export function isInlineImage(src: string): boolean {
  return src.length < INLINE_IMAGE_LIMIT && /^data:image\/(?:png|jpeg|gif|webp);base64,[a-z0-9+/]+=*$/i.test(src);
}

/** Without what makes text look other than it is: direction controls, zero-width characters. */
export function withoutDisguise(text: string): string {
  return text.replace(/[\p{Cc}\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu, '');
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
