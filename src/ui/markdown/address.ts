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

/** Whether a URL is an image in the text itself, of a type that cannot contain script. */
export function isInlineImage(src: string): boolean {
  return src.length < INLINE_IMAGE_LIMIT && /^data:image\/(?:png|jpeg|gif|webp);base64,[a-z0-9+/]+=*$/i.test(src);
}

/** Removes characters that disguise a text: direction controls, zero-width characters. */
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
