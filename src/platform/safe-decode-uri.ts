/** Decodes a part of a URL; returns it unchanged where it is not validly encoded. */
export function safeDecodeUri(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
