/** Bytes that text files do not have: control characters other than tab, line ends, form feed and escape. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL = /[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]/g;

/** Control characters for each character of a text at most: a terminal's log has some. */
const MOST_CONTROL = 0.005;

/**
 * Text in the encoding that its byte order mark names, else UTF-8, else windows-1252, which has a character for every byte.
 * @param isWhole whether nothing is cut off at the end
 * @returns undefined where the bytes are no text
 */
export function decodeText(bytes: Uint8Array<ArrayBuffer>, isWhole: boolean): string | undefined {
  const text = decode(bytes, isWhole);
  const controls: readonly string[] = text.match(CONTROL) ?? [];
  return controls.includes('\0') || controls.length > text.length * MOST_CONTROL ? undefined : text;
}

function decode(bytes: Uint8Array<ArrayBuffer>, isWhole: boolean): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !isWhole });
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
