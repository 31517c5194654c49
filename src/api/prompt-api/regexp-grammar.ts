/**
 * A regular expression as a grammar in llama.cpp's notation (GBNF), which xgrammar reads as well, so that an answer keeps to it
 * token by token. The whole answer matches the expression, whether or not it is anchored.
 */

/** @throws DOMException `NotSupportedError` for what no grammar can keep: lookarounds, back references, `\b`, the flag `i` … */
export function grammarOf(expression: RegExp): string {
  const flags = expression.flags.replaceAll(/[dgsuvy]/g, '');
  if (flags !== '') throw unsupported(`the flag ${flags}`);
  return `root ::= ${new RegExpReader(expression.source, expression.dotAll).read()}\n`;
}

/** Members of a character class in GBNF, without its brackets. */
const CLASSES: Readonly<Record<string, string>> = {
  d: '0-9',
  w: 'a-zA-Z0-9_',
  s: String.raw`\u0009-\u000D\u0020\u00A0\uFEFF`,
};
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', '0': '\0' };
const QUANTIFIER = /^(?:[*+?]|\{\d+(?:,\d*)?\})/;

/** Reads an expression from left to right. JavaScript has parsed it before, so its parts are well formed. */
class RegExpReader {
  readonly #source: string;
  readonly #dotAll: boolean;
  #at = 0;

  constructor(source: string, dotAll: boolean) {
    this.#source = source;
    this.#dotAll = dotAll;
  }

  read(): string {
    return this.#alternatives();
  }

  #alternatives(): string {
    const all = [this.#sequence()];
    while (this.#take('|')) all.push(this.#sequence());
    return all.join(' | ');
  }

  #sequence(): string {
    const parts: string[] = [];
    for (let next = this.#peek(); next !== '' && next !== '|' && next !== ')'; next = this.#peek()) {
      const part = this.#atom(next, parts.length === 0);
      if (part !== '') parts.push(part + this.#quantifier());
    }
    return parts.length === 0 ? '""' : parts.join(' ');
  }

  #atom(next: string, isFirst: boolean): string {
    this.#at++;
    if (next === '^' && isFirst) return '';
    if (next === '$' && /^(?:$|[|)])/.test(this.#rest)) return '';
    if (next === '^' || next === '$') throw unsupported(`${next} inside an expression`);
    if (next === '.') return this.#dotAll ? String.raw`[\u0000-\U0010FFFF]` : String.raw`[^\u000A\u000D]`;
    if (next === '[') return this.#class();
    if (next === '(') return this.#group();
    if (next === '\\') return this.#escape();
    return `[${member(next + (isHighSurrogate(next) ? this.#next() : ''))}]`;
  }

  #group(): string {
    const open = /^\?(?::|<[^=!][^>]*>|<?[=!])/.exec(this.#rest)?.[0] ?? '';
    if (/[=!]$/.test(open) && !open.endsWith('>')) throw unsupported('a lookaround');
    this.#at += open.length;
    const inner = this.#alternatives();
    this.#at++;
    return `(${inner})`;
  }

  #class(): string {
    const isNegated = this.#take('^');
    let members = '';
    while (!this.#take(']')) {
      const next = this.#next();
      if (next === '\\' && /^[dws]/.test(this.#rest)) members += CLASSES[this.#next()] ?? '';
      else if (next === '\\' && /^[DWSpPb]/.test(this.#rest)) throw unsupported(`\\${this.#rest[0]} in a class`);
      else if (next === '-') members += this.#isRange(members) ? '-' : member('-');
      else members += member(next === '\\' ? this.#character() : next + (isHighSurrogate(next) ? this.#next() : ''));
    }
    // An empty class matches nothing, and `[^]` everything.
    if (members === '') throw unsupported('an empty class');
    return `[${isNegated ? '^' : ''}${members}]`;
  }

  /** Whether a hyphen after these members is between two ends. */
  #isRange(members: string): boolean {
    return members !== '' && !members.endsWith('-') && this.#peek() !== ']';
  }

  #escape(): string {
    const letter = this.#peek();
    if (/[dws]/.test(letter)) return `[${CLASSES[this.#next()] ?? ''}]`;
    if (/[DWS]/.test(letter)) return `[^${CLASSES[this.#next().toLowerCase()] ?? ''}]`;
    if (/[bBpPk1-9]/.test(letter)) throw unsupported(`\\${letter}`);
    return `[${member(this.#character())}]`;
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

  #quantifier(): string {
    const found = QUANTIFIER.exec(this.#rest)?.[0] ?? '';
    this.#at += found.length;
    // A lazy quantifier allows the same texts.
    if (found !== '') this.#take('?');
    return found;
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

/** A character as a member of a class: letters and digits as they are, all else by its number. */
function member(character: string): string {
  if (/^[a-zA-Z0-9]$/.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase();
  return code > 0xffff ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
}

function isHighSurrogate(character: string): boolean {
  return /[\uD800-\uDBFF]/.test(character);
}

function unsupported(what: string): DOMException {
  return new DOMException(`a responseConstraint cannot have ${what}`, 'NotSupportedError');
}
