import type { Token } from 'marked';

/** A footnote reference: `[^label]`. */
export interface NoteReferenceToken {
  readonly type: 'note-reference';
  readonly raw: string;
  readonly label: string;
}

/** A footnote: `[^label]: …`; its further paragraphs are indented by four spaces. */
export interface NoteToken {
  readonly type: 'note';
  readonly raw: string;
  readonly label: string;
  readonly tokens: Token[];
}

const LABEL = String.raw`\[\^([^\]\s[^]{1,60})\]`;
const REFERENCE = new RegExp(`^${LABEL}(?![:(])`);
const DEFINITION = new RegExp(`^ {0,3}${LABEL}:[ \\t]*`);
const NEXT = new RegExp(`\\n {0,3}${LABEL}:`);

export function noteReference(source: string): NoteReferenceToken | undefined {
  const match = REFERENCE.exec(source);
  const label = match?.[1];
  return match === null || label === undefined ? undefined : { type: 'note-reference', raw: match[0], label };
}

/** A footnote can start only at the start of a line. */
export function noteStart(source: string): number | undefined {
  const at = NEXT.exec(source)?.index;
  return at === undefined ? undefined : at + 1;
}

export function blockNote(source: string, lex: (text: string) => Token[]): NoteToken | undefined {
  const opening = DEFINITION.exec(source);
  const label = opening?.[1];
  if (opening === null || label === undefined) return undefined;
  const raw = source.slice(0, endOf(source, opening[0].length));
  const text = raw.slice(opening[0].length).replace(/\n(?: {4}|\t)/g, '\n');
  return { type: 'note', raw, label, tokens: lex(text) };
}

/** A footnote ends before the next one, and at a blank line that no indented line follows. */
function endOf(source: string, from: number): number {
  const next = NEXT.exec(source.slice(from));
  const limit = next === null ? source.length : from + next.index + 1;
  const blank = /\n[ \t]*\n(?! {4}|\t|[ \t]*\n)/.exec(source.slice(from, limit));
  return blank === null ? limit : from + blank.index + 1;
}
