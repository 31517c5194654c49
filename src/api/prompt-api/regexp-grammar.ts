/**
 * A regular expression as a grammar, so that an answer keeps to it token by token. The whole answer matches the expression,
 * whether or not it is anchored.
 */
import {
  type CodeRange,
  choice,
  EMPTY,
  type Grammar,
  rangeOf,
  repeat,
  sequence,
  set,
} from '../../engine/grammar/grammar.ts';

/** @throws DOMException `NotSupportedError` for what no grammar can keep: lookarounds, back references, `\b`, the flag `i` … */
export function grammarOf(expression: RegExp): Grammar {
  const flags = expression.flags.replaceAll(/[dgsuvy]/g, '');
  if (flags !== '') throw unsupported(`the flag ${flags}`);
  return new RegExpReader(expression.source, expression.dotAll).read();
}

const CLASSES: Readonly<Record<string, readonly CodeRange[]>> = {
  d: [[0x30, 0x39]],
  w: [
    [0x61, 0x7a],
    [0x41, 0x5a],
    [0x30, 0x39],
    [0x5f, 0x5f],
  ],
  s: [
    [0x09, 0x0d],
    [0x20, 0x20],
    [0xa0, 0xa0],
    [0xfeff, 0xfeff],
  ],
};
const LINE_ENDS: readonly CodeRange[] = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
];
const EVERYTHING: readonly CodeRange[] = [[0, 0x10ffff]];
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', '0': '\0' };
const QUANTIFIER = /^(?:[*+?]|\{(\d+)(,)?(\d*)\})/;
const COUNTS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  '*': [0, Number.POSITIVE_INFINITY],
  '+': [1, Number.POSITIVE_INFINITY],
  '?': [0, 1],
};

/** Reads an expression from left to right. JavaScript has parsed it before, so its parts are well formed. */
class RegExpReader {
  readonly #source: string;
  readonly #dotAll: boolean;
  #at = 0;

  constructor(source: string, dotAll: boolean) {
    this.#source = source;
    this.#dotAll = dotAll;
  }

  read(): Grammar {
    return this.#alternatives();
  }

  #alternatives(): Grammar {
    const all = [this.#sequence()];
    while (this.#take('|')) all.push(this.#sequence());
    return choice(...all);
  }

  #sequence(): Grammar {
    const parts: Grammar[] = [];
    for (let next = this.#peek(); next !== '' && next !== '|' && next !== ')'; next = this.#peek()) {
      const part = this.#atom(next, parts.length === 0);
      if (part !== undefined) parts.push(this.#quantified(part));
    }
    return sequence(...parts);
  }

  /** @returns undefined for an anchor at its end of the expression */
  #atom(next: string, isFirst: boolean): Grammar | undefined {
    this.#at++;
    if (next === '^' && isFirst) return undefined;
    if (next === '$' && /^(?:$|[|)])/.test(this.#rest)) return undefined;
    if (next === '^' || next === '$') throw unsupported(`${next} inside an expression`);
    if (next === '.') return this.#dotAll ? set(EVERYTHING) : set(LINE_ENDS, true);
    if (next === '[') return this.#class();
    if (next === '(') return this.#group();
    if (next === '\\') return this.#escape();
    return set([rangeOf(next + (isHighSurrogate(next) ? this.#next() : ''))]);
  }

  #group(): Grammar {
    const open = /^\?(?::|<[^=!][^>]*>|<?[=!])/.exec(this.#rest)?.[0] ?? '';
    if (/[=!]$/.test(open) && !open.endsWith('>')) throw unsupported('a lookaround');
    this.#at += open.length;
    const inner = this.#alternatives();
    this.#at++;
    return inner;
  }

  #class(): Grammar {
    const isNegated = this.#take('^');
    const ranges: CodeRange[] = [];
    /** The character before, with which a range may begin. */
    let start: number | undefined;
    while (!this.#take(']')) {
      if (start !== undefined && this.#peek() === '-' && this.#source[this.#at + 1] !== ']') {
        this.#at++;
        const [end] = rangeOf(this.#member());
        ranges.splice(-1, 1, [start, end]);
        start = undefined;
        continue;
      }
      const shorthand = /^\\[dws]/.exec(this.#rest);
      if (shorthand !== null) {
        this.#at += 2;
        ranges.push(...(CLASSES[shorthand[0].slice(1)] ?? []));
        start = undefined;
        continue;
      }
      const range = rangeOf(this.#member());
      ranges.push(range);
      [start] = range;
    }
    // An empty class matches nothing, and `[^]` everything.
    if (ranges.length === 0) throw unsupported('an empty class');
    return set(ranges, isNegated);
  }

  /** One character of a class. */
  #member(): string {
    const next = this.#next();
    if (next !== '\\') return next + (isHighSurrogate(next) ? this.#next() : '');
    if (/^[dwsDWSpPb]/.test(this.#rest)) throw unsupported(`\\${this.#peek()} in a class`);
    return this.#character();
  }

  #escape(): Grammar {
    const letter = this.#peek();
    if (/[bBpPk1-9]/.test(letter)) throw unsupported(`\\${letter}`);
    const ranges = CLASSES[letter.toLowerCase()];
    if (ranges === undefined) return set([rangeOf(this.#character())]);
    this.#at++;
    return set(ranges, /[DWS]/.test(letter));
  }

  /** The character of an escape, after its backslash. */
  #character(): string {
    const code = /^(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|u\{([\da-fA-F]+)\})/.exec(this.#rest);
    if (code !== null) {
      this.#at += code[0].length;
      return String.fromCodePoint(Number.parseInt(code[1] ?? code[2] ?? code[3] ?? '', 16));
    }
    const next = this.#next();
    return CONTROLS[next] ?? next;
  }

  #quantified(part: Grammar): Grammar {
    const [found, least = '', comma, most] = QUANTIFIER.exec(this.#rest) ?? [];
    if (found === undefined) return part;
    this.#at += found.length;
    // A lazy quantifier allows the same texts.
    this.#take('?');
    const [fewest, mostly] = COUNTS[found] ?? [
      Number(least),
      comma === undefined ? Number(least) : most ? Number(most) : Number.POSITIVE_INFINITY,
    ];
    return part === EMPTY ? part : repeat(part, fewest, mostly);
  }

  get #rest(): string {
    return this.#source.slice(this.#at);
  }

  #peek(): string {
    return this.#source[this.#at] ?? '';
  }

  #next(): string {
    const next = this.#peek();
    this.#at++;
    return next;
  }

  #take(expected: string): boolean {
    if (this.#peek() !== expected) return false;
    this.#at++;
    return true;
  }
}

function isHighSurrogate(character: string): boolean {
  return /[\uD800-\uDBFF]/.test(character);
}

function unsupported(what: string): DOMException {
  return new DOMException(`a responseConstraint cannot have ${what}`, 'NotSupportedError');
}
