/** Characters that nobody sees, or that turn the direction of what follows them. */
const HIDDEN = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * The name of a file as it can be shown, stored and saved: its last part where it is a path, without hidden characters.
 * `''` where nothing is left.
 */
export function plainFileName(name: string): string {
  const last = name.toWellFormed().replace(HIDDEN, '').split(/[/\\]/).at(-1)?.trim() ?? '';
  return /^\.*$/.test(last) ? '' : last;
}
