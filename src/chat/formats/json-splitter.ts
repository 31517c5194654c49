/** Levels of nesting: deeper than any chat. A deeper element is refused before it is parsed. */
const MOST_DEPTH = 200;

/** UTF-16 code units of one element: several times the longest known chat. A longer element is skipped. */
export const MOST_ELEMENT_LENGTH = 64 * 1024 * 1024;

/** A complete piece of a JSON file, as text. */
export type JsonPiece =
  /** An element of the outermost array, whose key is empty, or of a streamed array in the outermost object. */
  | { readonly type: 'element'; readonly key: string; readonly index: number; readonly text: string }
  /** A member of the outermost object. */
  | { readonly type: 'member'; readonly key: string; readonly text: string }
  /** The end of an outermost object. In a file of JSON Lines another one follows. */
  | { readonly type: 'closed' }
  /** An element that is too large or nested too deep; the elements after it are read. */
  | { readonly type: 'refused'; readonly index: number; readonly reason: 'too-large' | 'too-deep' }
  /** From here on the text is not JSON, and nothing follows. `index` is that of the element in which it broke. */
  | { readonly type: 'broken'; readonly index: number; readonly reason: 'ends-early' | 'not-json' };

type Phase =
  | 'start'
  | 'before-value'
  | 'in-value'
  | 'after-value'
  | 'before-key'
  | 'in-key'
  | 'after-key'
  | 'end'
  | 'broken';

const OUTSIDE_STRING = /["{}[\],]/g;
const INSIDE_STRING = /["\\]/g;

/**
 * Splits a JSON file, while it is read, into pieces that can be parsed one by one: a file of any size takes the memory of its
 * largest element, and one that breaks in the middle gives the elements before that. It takes linear time. A file of JSON
 * Lines is read as well: one object after the other.
 */
export class JsonSplitter {
  readonly #streamedKeys: readonly string[];
  #phase: Phase = 'start';
  /** The outermost container, and a streamed array in it. */
  #outer: 'array' | 'object' = 'array';
  #isStreaming = false;
  #index = 0;
  #key = '';
  /** Of the value that is being read. */
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #isString = false;
  #parts: string[] = [];
  #length = 0;
  #refusal: 'too-large' | 'too-deep' | undefined;

  /** @param streamedKeys the members of an outermost object whose arrays are split into their elements */
  constructor(streamedKeys: readonly string[]) {
    this.#streamedKeys = streamedKeys;
  }

  push(text: string): JsonPiece[] {
    const pieces: JsonPiece[] = [];
    let at = 0;
    while (at < text.length && this.#phase !== 'broken') {
      at =
        this.#phase === 'in-value' || this.#phase === 'in-key'
          ? this.#readOn(text, at, pieces)
          : this.#step(text, at, pieces);
    }
    return pieces;
  }

  end(): JsonPiece[] {
    if (this.#phase === 'end' || this.#phase === 'broken') return [];
    return [this.#break(this.#phase === 'start' ? 'not-json' : 'ends-early')];
  }

  /** Reads one character between values. Returns the index of the next one. */
  #step(text: string, at: number, pieces: JsonPiece[]): number {
    const character = text[at] ?? '';
    if (/[\s\uFEFF]/.test(character)) return at + 1;
    switch (this.#phase) {
      case 'start':
        if (character === '[') this.#phase = 'before-value';
        else if (character === '{') this.#phase = 'before-key';
        else return this.#fail(text, pieces);
        this.#outer = character === '[' ? 'array' : 'object';
        this.#isStreaming = character === '[';
        return at + 1;
      case 'before-key':
        if (character === '}') return this.#close(at, pieces);
        if (character !== '"') return this.#fail(text, pieces);
        return this.#begin('in-key', at);
      case 'after-key':
        if (character !== ':') return this.#fail(text, pieces);
        this.#phase = 'before-value';
        return at + 1;
      case 'before-value':
        if (character === ']' && this.#isStreaming) return this.#close(at, pieces);
        if (character === '[' && !this.#isStreaming && this.#streamedKeys.includes(this.#key)) {
          this.#isStreaming = true;
          return at + 1;
        }
        if (character === ']' || character === '}' || character === ',') return this.#fail(text, pieces);
        return this.#begin('in-value', at);
      case 'after-value':
        if (character === ',') {
          this.#phase = this.#isStreaming ? 'before-value' : 'before-key';
          return at + 1;
        }
        if (character === (this.#isStreaming ? ']' : '}')) return this.#close(at, pieces);
        return this.#fail(text, pieces);
      case 'end':
        if (character !== '{' || this.#outer !== 'object') return this.#fail(text, pieces);
        this.#phase = 'before-key';
        return at + 1;
      default:
        return this.#fail(text, pieces);
    }
  }

  #begin(phase: 'in-value' | 'in-key', at: number): number {
    this.#phase = phase;
    this.#depth = 0;
    this.#isInString = false;
    this.#isString = false;
    this.#parts = [];
    this.#length = 0;
    this.#refusal = undefined;
    return at;
  }

  /** Continues in a value or key, to its end or the end of the text. Returns the index of the next character. */
  #readOn(text: string, from: number, pieces: JsonPiece[]): number {
    let at = from;
    while (at < text.length) {
      if (this.#isEscaped) {
        this.#isEscaped = false;
        at += 1;
        continue;
      }
      const pattern = this.#isInString ? INSIDE_STRING : OUTSIDE_STRING;
      pattern.lastIndex = at;
      const found = pattern.exec(text);
      if (found === null) break;
      at = found.index + 1;
      const end = this.#take(found[0], found.index);
      if (end === undefined) continue;
      this.#keep(text.slice(from, end));
      this.#finish(pieces);
      return end;
    }
    this.#keep(text.slice(from));
    return text.length;
  }

  /** Handles one significant character. Returns the index at which the value ends, if it does. */
  #take(character: string, at: number): number | undefined {
    if (this.#isInString) {
      if (character === '\\') this.#isEscaped = true;
      else this.#isInString = false;
      return !this.#isInString && this.#isString && this.#depth === 0 ? at + 1 : undefined;
    }
    switch (character) {
      case '"':
        this.#isInString = true;
        // The string is the whole value. `1"` is not JSON; the parser reports that.
        this.#isString = this.#depth === 0;
        return undefined;
      case '{':
      case '[':
        this.#depth += 1;
        if (this.#depth > MOST_DEPTH) this.#refusal = 'too-deep';
        return undefined;
      case ',':
        return this.#depth === 0 ? at : undefined;
      default:
        // A number or a literal ends before the bracket that closes the container around it.
        if (this.#depth === 0) return at;
        this.#depth -= 1;
        return this.#depth === 0 ? at + 1 : undefined;
    }
  }

  #keep(text: string): void {
    this.#length += text.length;
    if (this.#length > MOST_ELEMENT_LENGTH) this.#refusal ??= 'too-large';
    if (this.#refusal === undefined) this.#parts.push(text);
    else this.#parts = [];
  }

  #finish(pieces: JsonPiece[]): void {
    const text = this.#parts.join('');
    this.#parts = [];
    if (this.#phase === 'in-key') {
      this.#key = parseKey(text);
      this.#phase = 'after-key';
      return;
    }
    this.#phase = 'after-value';
    if (this.#refusal !== undefined) pieces.push({ type: 'refused', index: this.#index, reason: this.#refusal });
    else if (this.#isStreaming) pieces.push({ type: 'element', key: this.#key, index: this.#index, text });
    else pieces.push({ type: 'member', key: this.#key, text });
    if (this.#isStreaming) this.#index += 1;
  }

  /** The end of a streamed array in an object, or of the whole. */
  #close(at: number, pieces: JsonPiece[]): number {
    if (this.#isStreaming && this.#outer === 'object') {
      this.#isStreaming = false;
      this.#key = '';
      this.#phase = 'after-value';
    } else {
      this.#phase = 'end';
      if (this.#outer === 'object') pieces.push({ type: 'closed' });
    }
    return at + 1;
  }

  #fail(text: string, pieces: JsonPiece[]): number {
    pieces.push(this.#break('not-json'));
    return text.length;
  }

  #break(reason: 'ends-early' | 'not-json'): JsonPiece {
    this.#phase = 'broken';
    this.#parts = [];
    return { type: 'broken', index: this.#index, reason };
  }
}

function parseKey(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return '';
  }
}
