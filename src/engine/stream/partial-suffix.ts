/** How many characters at the end of `text` may be the beginning of `mark`; not the whole of it. */
export function partialSuffixLength(text: string, mark: string): number {
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(mark.slice(0, length))) return length;
  }
  return 0;
}
