/** An open code fence. */
export interface Fence {
  /** Where its first line starts. */
  readonly start: number;
  readonly marker: string;
  readonly indent: number;
  readonly language: string;
}

/** A longer line never opens a fence. */
export const FENCE_LINE_LIMIT = 200;

const FENCE_OPENING = /^( {0,3})(`{3,}(?=[^`]*$)|~{3,})[ \t]*([^\s]*)/;
const FENCE_OPENING_IN_LIST = /^( {0,1})(`{3,}(?=[^`]*$)|~{3,})[ \t]*([^\s]*)/;

/** The fence that a line opens. @param start where the line starts @param inList only one that ends the list */
export function fenceOf(line: string, start: number, inList: boolean): Fence | undefined {
  if (line.length > FENCE_LINE_LIMIT) return undefined;
  const match = (inList ? FENCE_OPENING_IN_LIST : FENCE_OPENING).exec(line);
  if (match === null) return undefined;
  const [, indent = '', marker = '', language = ''] = match;
  return { start, marker, indent: indent.length, language };
}

export function closes({ marker }: Fence, line: string): boolean {
  const trimmed = line.trim();
  return trimmed.length >= marker.length && trimmed === marker.charAt(0).repeat(trimmed.length) && !/^ {4}/.test(line);
}

export function unindent(line: string, indent: number): string {
  let at = 0;
  while (at < indent && line.charAt(at) === ' ') at += 1;
  return line.slice(at);
}
