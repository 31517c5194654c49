/** Characters at the end of an open block that are looked at. */
const WINDOW = 2_000;

/**
 * Definitions of link targets, of which the last is begun: a word in brackets that may become one, or one without the end
 * of its address or title. A footnote's is none.
 */
const DEFINITION_BEGUN =
  /^((?: {0,3}\[[^[\]\n]+\]:[^\n]*\n)*) {0,3}\[(?:[^[\]\s]{0,30}\]?|(?!\^)[^[\]\n]+\]:[ \t]*(?:<[^>\n]*|\S+\s+["'(][^"')]{0,300})?)$/;

/**
 * The last, unfinished line of a text that streams, so that it reads calmly: an opened code span or bold is shown as if
 * it were closed, a link that is not finished shows its text alone, and the definition of a link's target nothing. Only
 * for display; the real text is untouched.
 */
export function completeTail(source: string): string {
  const lineStart = Math.max(source.lastIndexOf('\n') + 1, source.length - WINDOW);
  const head = source.slice(0, lineStart);
  let line = source.slice(lineStart);
  if (/^\s*(?:[`~]{3}|\|)/.test(line)) return source;
  const begun = DEFINITION_BEGUN.exec(source);
  if (begun !== null) return begun[1] ?? '';

  const codeSpan = openCodeSpan(line);
  if (codeSpan !== undefined) return `${source.trimEnd()}${codeSpan}`;

  // A footnote's mark that is not finished is left out; one that is, is no link.
  line = line.replace(/\[\^[^\]\s[^]{0,60}$/, '');
  const isNote = /\[\^[^\]\s[^]{1,60}\]$/.test(line);
  const link = isNote ? null : /!?\[([^[\]\n]*)(?:\](?:\([^()\n]*)?)?$/.exec(line);
  if (link !== null && !/^\s*[-*+]\s+\[[ xX]?\]?$/.test(line)) line = line.slice(0, link.index) + (link[1] ?? '');

  const bold = line.split('**').length - 1;
  if (bold % 2 === 1) line = /\*\*\s*$/.test(line) ? line.replace(/\*\*\s*$/, '') : `${line.trimEnd()}**`;
  return head + line;
}

/** The run of backticks that an open code span waits for. */
function openCodeSpan(line: string): string | undefined {
  let open: string | undefined;
  for (const [run] of line.matchAll(/`+/g)) {
    if (open === undefined) open = run;
    else if (open === run) open = undefined;
  }
  return open !== undefined && !line.endsWith(open) ? open : undefined;
}
