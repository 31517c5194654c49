/**
 * Grammars as trees. One is printed in llama.cpp's notation (GBNF), which xgrammar reads as well; or advanced first by the
 * beginning of an answer, so that what is printed holds what follows it.
 */

export type Grammar =
  | CharacterSet
  | { readonly kind: 'sequence'; readonly parts: readonly Grammar[] }
  /** Without options it matches nothing. */
  | { readonly kind: 'choice'; readonly options: readonly Grammar[] }
  | { readonly kind: 'repeat'; readonly of: Grammar; readonly least: number; readonly most: number }
  | { readonly kind: 'rule'; readonly name: string };

/** One character, by its code point. */
export interface CharacterSet {
  readonly kind: 'set';
  readonly isNegated: boolean;
  readonly ranges: readonly CodeRange[];
}

/** The first and the last code point. */
export type CodeRange = readonly [first: number, last: number];

/** What the rules of a grammar's name stand for. */
export type Rules = ReadonlyMap<string, Grammar>;

const NO_RULES: Rules = new Map();

export const EMPTY: Grammar = { kind: 'sequence', parts: [] };
const NOTHING: Grammar = { kind: 'choice', options: [] };

export function set(ranges: readonly CodeRange[], isNegated = false): Grammar {
  return { kind: 'set', isNegated, ranges };
}

/** Exactly this text. */
export function literal(text: string): Grammar {
  return sequence(...[...text].map((character) => set([rangeOf(character)])));
}

export function rangeOf(character: string): CodeRange {
  const code = codeOf(character);
  return [code, code];
}

export function sequence(...parts: readonly Grammar[]): Grammar {
  if (parts.some(isNothing)) return NOTHING;
  const flat = parts.flatMap((part) => (part.kind === 'sequence' ? part.parts : [part]));
  return flat.length === 1 ? (flat[0] ?? EMPTY) : { kind: 'sequence', parts: flat };
}

export function choice(...options: readonly Grammar[]): Grammar {
  const flat = options.flatMap((option) => (option.kind === 'choice' ? option.options : [option]));
  // Advancing finds the same option in many ways.
  const distinct = [...new Map(flat.map((option) => [print(option), option])).values()];
  return distinct.length === 1 ? (distinct[0] ?? NOTHING) : { kind: 'choice', options: distinct };
}

/** @param most may be Infinity */
export function repeat(of: Grammar, least: number, most: number): Grammar {
  if (most === 0) return EMPTY;
  return least === 1 && most === 1 ? of : { kind: 'repeat', of, least, most };
}

export function optional(of: Grammar): Grammar {
  return repeat(of, 0, 1);
}

export function rule(name: string): Grammar {
  return { kind: 'rule', name };
}

/** The grammar of what may follow a text; undefined if nothing in the grammar begins with it. */
export function advance(grammar: Grammar, text: string, rules: Rules = NO_RULES): Grammar | undefined {
  let rest = grammar;
  for (const character of text) {
    rest = after(rest, codeOf(character), rules);
    if (isNothing(rest)) return undefined;
  }
  return rest;
}

/** The grammar in GBNF; its root and the rules that it names. */
export function toGbnf(root: Grammar, rules: Rules = NO_RULES): string {
  const lines = [...rules].map(([name, grammar]) => `${name} ::= ${print(grammar)}\n`);
  return `root ::= ${print(root)}\n${lines.join('')}`;
}

/** What may follow one character: Brzozowski's derivative, https://doi.org/10.1145/321239.321249. */
function after(grammar: Grammar, code: number, rules: Rules): Grammar {
  switch (grammar.kind) {
    case 'set':
      return grammar.ranges.some(([first, last]) => first <= code && code <= last) === grammar.isNegated
        ? NOTHING
        : EMPTY;
    case 'sequence': {
      // The parts before the first one that cannot be empty may all be skipped.
      const end = grammar.parts.findIndex((part) => !mayBeEmpty(part, rules));
      const firsts = end === -1 ? grammar.parts : grammar.parts.slice(0, end + 1);
      return choice(...firsts.map((part, at) => sequence(after(part, code, rules), ...grammar.parts.slice(at + 1))));
    }
    case 'choice':
      return choice(...grammar.options.map((option) => after(option, code, rules)));
    case 'repeat': {
      const { of, least, most } = grammar;
      return sequence(after(of, code, rules), repeat(of, Math.max(0, least - 1), most - 1));
    }
    case 'rule':
      return after(ruleOf(grammar.name, rules), code, rules);
  }
}

function mayBeEmpty(grammar: Grammar, rules: Rules): boolean {
  switch (grammar.kind) {
    case 'set':
      return false;
    case 'sequence':
      return grammar.parts.every((part) => mayBeEmpty(part, rules));
    case 'choice':
      return grammar.options.some((option) => mayBeEmpty(option, rules));
    case 'repeat':
      return grammar.least === 0 || mayBeEmpty(grammar.of, rules);
    case 'rule':
      return mayBeEmpty(ruleOf(grammar.name, rules), rules);
  }
}

function ruleOf(name: string, rules: Rules): Grammar {
  const grammar = rules.get(name);
  if (grammar === undefined) throw new TypeError(`the grammar has no rule ${name}`);
  return grammar;
}

function isNothing(grammar: Grammar): boolean {
  return grammar.kind === 'choice' && grammar.options.length === 0;
}

function print(grammar: Grammar): string {
  switch (grammar.kind) {
    case 'set':
      return `[${grammar.isNegated ? '^' : ''}${grammar.ranges.map(printRange).join('')}]`;
    case 'sequence':
      return grammar.parts.map((part) => (part.kind === 'choice' ? `(${print(part)})` : print(part))).join(' ') || '""';
    case 'choice':
      return grammar.options.map(print).join(' | ');
    case 'repeat': {
      const isOne = grammar.of.kind === 'set' || grammar.of.kind === 'rule';
      return `${isOne ? print(grammar.of) : `(${print(grammar.of)})`}${printCount(grammar.least, grammar.most)}`;
    }
    case 'rule':
      return grammar.name;
  }
}

function printCount(least: number, most: number): string {
  if (most === Number.POSITIVE_INFINITY) return least === 0 ? '*' : least === 1 ? '+' : `{${least},}`;
  if (least === most) return `{${least}}`;
  return least === 0 && most === 1 ? '?' : `{${least},${most}}`;
}

function printRange([first, last]: CodeRange): string {
  return first === last ? printCode(first) : `${printCode(first)}-${printCode(last)}`;
}

/** Letters and digits as they are, all else by its number. */
function printCode(code: number): string {
  const character = String.fromCodePoint(code);
  if (/^[a-zA-Z0-9]$/.test(character)) return character;
  const hex = code.toString(16).toUpperCase();
  return code > 0xffff ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
