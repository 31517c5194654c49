/** Characters at the end of an open block that are examined. */
const WINDOW = 2_000;

/**
 * Matches link definitions of which the last is incomplete: a bracketed label that may become one, or a definition
 * without the end of its URL or title. Footnotes do not match.
 */
const UNFINISHED_DEFINITION =
  /^((?: {0,3}\[[^[\]\n]+\]:[^\n]*\n)*) {0,3}\[(?:[^[\]\s]{0,30}\]?|(?!\^)[^[\]\n]+\]:[ \t]*(?:<[^>\n]*|\S+\s+["'(][^"')]{0,300})?)$/;

/**
 * Completes the last line of a streaming text, so that it does not flicker: an open code span or bold text is closed, an
 * unfinished link shows only its text, and an unfinished link definition shows nothing. Only for display; the text itself
 * is unchanged.
 */
export function completeTail(source: string): string {
  const lineStart = Math.max(source.lastIndexOf('\n') + 1, source.length - WINDOW);
  const head = source.slice(0, lineStart);
  let line = source.slice(lineStart);
  if (/^\s*(?:[`~]{3}|\|)/.test(line)) return source;
  const unfinished = UNFINISHED_DEFINITION.exec(source);
  if (unfinished !== null) return unfinished[1] ?? '';

  const codeSpan = openCodeSpan(line);
  if (codeSpan !== undefined) return `${source.trimEnd()}${codeSpan}`;

  // An unfinished footnote reference is left out; a finished one is not a link.
  line = line.replace(/\[\^[^\]\s[^]{0,60}$/, '');
  const isNote = /\[\^[^\]\s[^]{1,60}\]$/.test(line);
  const link = isNote ? null : /!?\[([^[\]\n]*)(?:\](?:\([^()\n]*)?)?$/.exec(line);
  if (link !== null && !/^\s*[-*+]\s+\[[ xX]?\]?$/.test(line)) line = line.slice(0, link.index) + (link[1] ?? '');

  const bold = line.split('**').length - 1;
  // Half of what closes bold text.
  if (bold % 2 === 1 && line.replaceAll('**', '').split('*').length % 2 === 0) line = line.replace(/(?<!\*)\*$/, '');
  if (bold % 2 === 1) line = /\*\*\s*$/.test(line) ? line.replace(/\*\*\s*$/, '') : `${line.trimEnd()}**`;
  return head + line;
}

/** The run of backticks that closes the open code span. */
function openCodeSpan(line: string): string | undefined {
  let open: string | undefined;
  for (const [run] of line.matchAll(/`+/g)) {
    if (open === undefined) open = run;
    else if (open === run) open = undefined;
  }
  return open !== undefined && !line.endsWith(open) ? open : undefined;
}
