/** A part of an address, decoded; as it stands there where it is no encoding of anything. */
export function safeDecodeUri(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
