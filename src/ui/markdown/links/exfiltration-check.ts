import { safeDecodeUri } from '../../../platform/safe-decode-uri.ts';

/**
 * Most bytes of a URL without a question, all of it but the scheme, percent-decoded, whatever it spells. Pages of
 * documentation and articles have 60 to 95.
 */
const FREE_BYTES = 100;

/** Most characters after `?` or `#` without a question: a page number, a short search. */
const FREE_QUERY_LENGTH = 64;

/** A part of a path or host that is longer, without a separator, is probably encoded data. */
const UNBROKEN_LENGTH = 48;

/** A URL that repeats this many letters of the user's text in a row asks first. */
const ECHO_LENGTH = 20;

/**
 * Whether a URL can exfiltrate much text: the host's owner receives all of it, and a model can be tricked by prompt
 * injection into putting parts of the conversation there.
 */
export function carriesData(href: string): boolean {
  const url = URL.parse(href);
  if (url === null) return true;
  if (url.protocol === 'mailto:' && url.search !== '') return true;
  const carried = safeDecodeUri(`${url.hostname}${url.port}${url.pathname}${url.search}${url.hash}`);
  if (new TextEncoder().encode(carried).length > FREE_BYTES) return true;
  if (url.search.length + url.hash.length > FREE_QUERY_LENGTH) return true;
  const parts = [...url.hostname.split('.'), ...url.pathname.split(/[/._~+-]/)];
  return parts.some((part) => part.length > UNBROKEN_LENGTH);
}

/**
 * Whether a URL repeats the user's text, plain, percent-encoded or as base64. A URL that the user wrote does not count.
 */
export function repeatsUserText(href: string, ownText: string): boolean {
  if (ownText === '' || ownText.includes(href)) return false;
  const letters = lettersOf(ownText);
  if (letters.length < ECHO_LENGTH) return false;
  const windows = new Set<string>();
  for (const reading of readings(href)) {
    const read = lettersOf(reading);
    for (let at = 0; at + ECHO_LENGTH <= read.length; at++) windows.add(read.slice(at, at + ECHO_LENGTH));
  }
  for (let at = 0; at + ECHO_LENGTH <= letters.length; at++) {
    if (windows.has(letters.slice(at, at + ECHO_LENGTH))) return true;
  }
  return false;
}

function* readings(href: string): Generator<string> {
  const url = URL.parse(href);
  if (url === null) return;
  const carried = safeDecodeUri(`${url.hostname}${url.pathname}${url.search}${url.hash}`);
  yield carried;
  for (const [part] of carried.matchAll(/[\w+/-]{16,}/g)) {
    try {
      const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
        letter.charCodeAt(0),
      );
      yield new TextDecoder().decode(bytes);
    } catch {
      // Not base64.
    }
  }
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}
