import { safeDecodeUri } from '../lib/safe-decode-uri.ts';

/** Characters after `?` or `#` that a link may have unasked: a page number, a search for a few words. */
const FREE_LENGTH = 64;

/** A part of a path or a host without a break for so long is no word that someone chose. */
const UNBROKEN_LENGTH = 48;

/** Letters in a row of a person's own words that an address may not repeat unasked. */
const ECHO_LENGTH = 20;

/**
 * Whether an address can carry much away: everything in it reaches whoever owns the host, and a model that was talked
 * into it can put there what it was told.
 */
export function carriesData(href: string): boolean {
  const url = URL.parse(href);
  if (url === null) return true;
  if (url.protocol === 'mailto:') return url.search !== '';
  if (url.search.length + url.hash.length > FREE_LENGTH) return true;
  const parts = [...url.hostname.split('.'), ...url.pathname.split(/[/._~+-]/)];
  return parts.some((part) => part.length > UNBROKEN_LENGTH);
}

/**
 * Whether an address repeats what a person wrote, in plain, percent-encoded or base64 letters. An address that the
 * person wrote is theirs.
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
