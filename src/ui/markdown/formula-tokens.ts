/** A formula in TeX: `$…$`, `\(…\)`, `$$…$$`, `\[…\]`. */
export interface FormulaToken {
  readonly type: 'formula' | 'formula-inline';
  readonly raw: string;
  readonly tex: string;
  readonly isDisplay: boolean;
}

/** Longer source is text, not a formula. */
export const FORMULA_LIMIT = 4_000;

const OPENINGS = ['$', '\\(', '\\['] as const;

/** Start of a line that may be a display formula. */
export function blockFormulaStart(source: string): number | undefined {
  const at = /\n {0,3}(?:\$\$|\\\[)/.exec(source)?.index;
  return at === undefined ? undefined : at + 1;
}

/** Index where the next formula may start in a line. */
export function formulaStart(source: string): number | undefined {
  const starts = OPENINGS.map((opening) => source.indexOf(opening)).filter((at) => at !== -1);
  return starts.length === 0 ? undefined : Math.min(...starts);
}

/** A display formula on its own lines. */
export function blockFormula(source: string): FormulaToken | undefined {
  const opening = /^ {0,3}(\$\$|\\\[)/.exec(source);
  if (opening === null) return undefined;
  const closing = opening[1] === '$$' ? '$$' : '\\]';
  const from = opening[0].length;
  const at = source.indexOf(closing, from);
  if (at === -1 || at - from > FORMULA_LIMIT) return undefined;
  const tex = source.slice(from, at);
  const rest = /^[ \t]*(?:\n|$)/.exec(source.slice(at + closing.length, at + closing.length + 200));
  if (rest === null || !isFormula(tex)) return undefined;
  return { type: 'formula', raw: source.slice(0, at + closing.length + rest[0].length), tex, isDisplay: true };
}

export function inlineFormula(source: string): FormulaToken | undefined {
  if (source.startsWith('\\(')) return delimited(source, '\\(', '\\)', false);
  if (source.startsWith('\\[')) return delimited(source, '\\[', '\\]', true);
  if (source.startsWith('$$')) return delimited(source, '$$', '$$', true);
  return source.startsWith('$') ? dollars(source) : undefined;
}

/** Whether a line leaves a display formula open, and what closes it. */
export function openedFormula(line: string): '$$' | '\\]' | undefined {
  const match = /^\s*(\$\$|\\\[)/.exec(line.slice(0, LOOK_AT));
  if (match === null) return undefined;
  const closing = match[1] === '$$' ? '$$' : '\\]';
  return line.includes(closing, match[0].length) ? undefined : closing;
}

/** Start of the display formula that is not closed yet; the text's length when there is none. */
export function openFormulaStart(source: string): number {
  if (!source.includes('$$') && !source.includes('\\[')) return source.length;
  let closing: string | undefined;
  let start = source.length;
  for (let at = 0; at < source.length; ) {
    const lineBreak = source.indexOf('\n', at);
    const end = lineBreak === -1 ? source.length : lineBreak + 1;
    const line = source.slice(at, end);
    if (closing === undefined) {
      closing = openedFormula(line);
      if (closing !== undefined) start = at;
    } else if (line.includes(closing) || line.trim() === '') closing = undefined;
    at = end;
  }
  return closing === undefined ? source.length : start;
}

const LOOK_AT = 64;

function delimited(source: string, opening: string, closing: string, isDisplay: boolean): FormulaToken | undefined {
  const at = source.slice(0, FORMULA_LIMIT + 4).indexOf(closing, opening.length);
  if (at === -1) return undefined;
  const tex = source.slice(opening.length, at);
  if (!isFormula(tex)) return undefined;
  return { type: 'formula-inline', raw: source.slice(0, at + closing.length), tex, isDisplay };
}

/**
 * An inline formula between dollars, by the rules of pandoc: no space inside the dollars, no digit after them. Neither an
 * amount of money with words after it, such as `$5 or US$`, nor a variable of a program, such as `${name}$`, `$_GET[$key]` or
 * `$('a').on($.noop)`, is a formula.
 */
function dollars(source: string): FormulaToken | undefined {
  const match = /^\$((?:\\[^\n]|[^\\$\n`])+)\$(?![\p{L}\p{N}${_])/u.exec(source.slice(0, FORMULA_LIMIT));
  const tex = match?.[1];
  if (match === null || tex === undefined || /^\s|\s$/.test(tex) || isAmount(tex) || isCode(tex)) return undefined;
  return { type: 'formula-inline', raw: match[0], tex, isDisplay: false };
}

function isAmount(tex: string): boolean {
  return /^[\d.,]+\s*(?:\p{L}{2,}|[-–—/]|\p{L}?\s)/u.test(tex) && !/[\\^_={}]/.test(tex);
}

/** A name in braces, or brackets that do not match: half-open intervals do, since `[0,1)` has one of each. */
function isCode(tex: string): boolean {
  if (/^\{[\w.]+\}$/.test(tex)) return true;
  const brackets = tex.replace(/\\./g, '').match(/[()[\]]/g) ?? [];
  const opened = brackets.filter((bracket) => bracket === '(' || bracket === '[').length;
  return opened * 2 !== brackets.length || /^[^(]*\)/.test(tex.replace(/\[[^[\]()]*\)/g, ''));
}

function isFormula(tex: string): boolean {
  return tex.trim() !== '' && !/\n[ \t]*\n/.test(tex);
}
