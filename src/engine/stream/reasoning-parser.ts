export type ReasoningPiece =
  | { readonly type: 'text-delta' | 'reasoning-delta'; readonly text: string }
  /** The text so far was reasoning: the prompt had opened it, and the completion has closed it. */
  | { readonly type: 'text-was-reasoning' };

/** Marks around reasoning: of most models, of Magistral, Command, Seed, Kimi. */
const PAIRS: readonly (readonly [open: string, close: string])[] = [
  ['<think>', '</think>'],
  ['<thinking>', '</thinking>'],
  ['<thought>', '</thought>'],
  ['<reasoning>', '</reasoning>'],
  ['<seed:think>', '</seed:think>'],
  ['[THINK]', '[/THINK]'],
  ['<|START_THINKING|>', '<|END_THINKING|>'],
  ['<|begin_of_thought|>', '<|end_of_thought|>'],
  ['◁think▷', '◁/think▷'],
];

/** OpenAI's Harmony: `<|channel|>analysis<|message|>…<|end|><|start|>assistant<|channel|>final<|message|>…`. */
const HARMONY = '<|channel|>';
const HARMONY_TEXT = '<|message|>';
const HARMONY_START = '<|start|>';
const HARMONY_ENDS = ['<|end|>', '<|return|>', '<|call|>'];
/** Gemma 4: `<|channel>thought\n…<channel|>`. */
const GEMMA = '<|channel>';
const GEMMA_END = '<channel|>';

/** Tokens that end a turn, and that some builds write into it. */
const TURN_ENDS = [
  '<|im_end|>',
  '<|endoftext|>',
  '<|end_of_text|>',
  '<|eot_id|>',
  '<|eom_id|>',
  '<|end_of_turn|>',
  '<end_of_turn>',
  ...HARMONY_ENDS,
];

const OPENS = new Map(PAIRS);
const CLOSES = new Set(PAIRS.map(([, close]) => close));
const MARKS = [...OPENS.keys(), ...CLOSES, HARMONY, HARMONY_START, GEMMA, GEMMA_END, ...TURN_ENDS];
const ANY_MARK = new RegExp(MARKS.map((mark) => mark.replace(/[|[\]/]/g, '\\$&')).join('|'));

/** Characters between a channel's mark and its text: longer ones are no header. */
const HEADER_LENGTH = 200;

/**
 * Separates the reasoning of a completion from its answer, as the completion arrives, in whatever form the model writes it.
 * A mark may be split over pieces. White space after a mark belongs to neither. A mark counts where a line begins, outside of
 * code: inside a sentence it is talked about.
 */
export class ReasoningParser {
  /** What closes the reasoning that is open. */
  #closes: readonly string[] | undefined;
  /** Text that cannot be assigned yet: the beginning of a mark, white space that a mark may follow. */
  #held = '';
  /** White space is dropped until something else comes. */
  #isAfterMark = false;
  #hasText = false;
  #hasReasoning = false;
  #isHarmony = false;
  /** It has said a mark as text, so that another one is no mark either. */
  #hasSaidMark = false;
  /** The beginning of the last line of the text so far, and the fence that is open before it. */
  #line = '';
  #lastCharacter = '';
  #fence: string | undefined;

  /** @param piece as generated; may be empty */
  push(piece: string): ReasoningPiece[] {
    this.#held += piece;
    const pieces: ReasoningPiece[] = [];
    while (
      this.#held !== '' &&
      (this.#closes === undefined ? this.#stepText(pieces, false) : this.#stepReasoning(pieces))
    );
    return pieces;
  }

  /** Ends the completion. @returns the text that was held back */
  end(): ReasoningPiece[] {
    const pieces: ReasoningPiece[] = [];
    while (this.#held !== '' && this.#closes === undefined && this.#stepText(pieces, true));
    if (this.#closes !== undefined) this.#put(pieces, 'reasoning-delta', this.#held.trimEnd());
    else this.#put(pieces, 'text-delta', this.#held);
    this.#held = '';
    return pieces;
  }

  /** Takes one step if the held text allows it. @returns whether another step may be possible */
  #stepText(pieces: ReasoningPiece[], isEnd: boolean): boolean {
    const found = ANY_MARK.exec(this.#held);
    if (found === null) {
      // White space at the beginning may be before a mark, and then belongs to neither.
      const isBlank = !this.#hasText && this.#held.trim() === '';
      const certain = isEnd ? this.#held.length : isBlank ? 0 : this.#held.length - partialLength(this.#held, MARKS);
      this.#put(pieces, 'text-delta', this.#take(certain));
      return false;
    }
    const [mark] = found;
    const before = this.#held.slice(0, found.index);
    const after = this.#held.slice(found.index + mark.length);
    const used = this.#use(mark, before, after, isEnd);
    if (used === 'wait') {
      this.#put(pieces, 'text-delta', this.#take(this.#hasText || before.trim() !== '' ? found.index : 0));
      return false;
    }
    if (used === 'text') {
      this.#hasSaidMark ||= OPENS.has(mark);
      this.#put(pieces, 'text-delta', this.#take(found.index + mark.length));
      return true;
    }
    if (this.#hasText || before.trim() !== '') this.#put(pieces, 'text-delta', before);
    if (used.isClose && this.#hasText) {
      pieces.push({ type: 'text-was-reasoning' });
      this.#hasText = false;
    }
    this.#line = '';
    this.#held = after.slice(used.length);
    this.#closes = used.closes;
    this.#hasReasoning ||= used.isClose === true || used.closes !== undefined;
    this.#isAfterMark = true;
    return true;
  }

  /** What a mark in the text means: nothing special, or how much after it belongs to it, and what closes it. */
  #use(mark: string, before: string, after: string, isEnd: boolean): 'text' | 'wait' | Use {
    const { fence, line } = this.#lineAfter(before);
    if (fence !== undefined || (before.at(-1) ?? this.#lastCharacter) === '`') return 'text';
    const isLineStart = line.trim() === '';
    const close = OPENS.get(mark);
    if (close !== undefined) return isLineStart ? { length: 0, closes: [close] } : 'text';
    if (CLOSES.has(mark)) {
      if (this.#hasReasoning || this.#hasSaidMark) return 'text';
      if (after === '' && !isEnd) return 'wait';
      return after === '' || /^\s/.test(after) ? { length: 0, isClose: true } : 'text';
    }
    const isFirst = !this.#hasText && before.trim() === '';
    if (mark === HARMONY || mark === HARMONY_START)
      return isFirst || this.#isHarmony ? this.#readHeader(mark, after) : 'text';
    if (mark === GEMMA || mark === GEMMA_END)
      return isLineStart || mark === GEMMA_END ? readGemma(mark, after) : 'text';
    if (this.#isHarmony && HARMONY_ENDS.includes(mark)) return { length: 0 };
    // At the end of the answer only: elsewhere it is talked about.
    const next = after.trimStart();
    if (next === '') return isEnd ? { length: after.length } : 'wait';
    if (ANY_MARK.exec(next)?.index === 0) return { length: 0 };
    return !isEnd && partialLength(next, MARKS) === next.length ? 'wait' : 'text';
  }

  /** `<|start|>assistant` and `<|channel|>analysis to=… <|message|>`. */
  #readHeader(mark: string, after: string): 'text' | 'wait' | Use {
    const end = after.indexOf(HARMONY_TEXT);
    if (end === -1) return after.length > HEADER_LENGTH ? 'text' : 'wait';
    const header = mark + after.slice(0, end);
    const channel = header.split(HARMONY)[1] ?? 'final';
    this.#isHarmony = true;
    // A commentary is shown unless it is the call of a tool.
    const isReasoning = /^\s*analysis/.test(channel) || / to=/.test(header);
    const length = end + HARMONY_TEXT.length;
    return isReasoning ? { length, closes: [...HARMONY_ENDS, HARMONY_START] } : { length };
  }

  #stepReasoning(pieces: ReasoningPiece[]): boolean {
    const closes = this.#closes ?? [];
    const ends = closes.map((close) => [this.#held.indexOf(close), close] as const).filter(([at]) => at !== -1);
    const [first] = ends.sort(([a], [b]) => a - b);
    if (first === undefined) {
      const certain = this.#held.slice(0, this.#held.length - partialLength(this.#held, closes)).trimEnd();
      this.#put(pieces, 'reasoning-delta', this.#take(certain.length));
      return false;
    }
    const [at, close] = first;
    this.#put(pieces, 'reasoning-delta', this.#held.slice(0, at).trimEnd());
    // The start of the next message has a header of its own.
    this.#held = this.#held.slice(close === HARMONY_START ? at : at + close.length);
    this.#closes = undefined;
    this.#isAfterMark = true;
    return true;
  }

  #put(pieces: ReasoningPiece[], type: 'text-delta' | 'reasoning-delta', text: string): void {
    const kept = this.#isAfterMark ? text.trimStart() : text;
    if (kept === '') return;
    this.#isAfterMark = false;
    const last = pieces.at(-1);
    if (last?.type === type) pieces[pieces.length - 1] = { type, text: last.text + kept };
    else pieces.push({ type, text: kept });
    if (type === 'reasoning-delta') return;
    this.#hasText = true;
    const { fence, line } = this.#lineAfter(kept);
    this.#fence = fence;
    this.#line = line;
    this.#lastCharacter = kept.at(-1) ?? '';
  }

  /** The line that is open after some more text, and the fence of the code block that it is in. */
  #lineAfter(text: string): { readonly fence: string | undefined; readonly line: string } {
    let fence = this.#fence;
    const lines = (this.#line + text).split('\n');
    const line = (lines.pop() ?? '').slice(0, HEADER_LENGTH);
    for (const whole of lines) {
      const mark = /^\s*(```|~~~)/.exec(whole)?.[1];
      if (mark !== undefined) fence = fence === undefined ? mark : fence === mark ? undefined : fence;
    }
    return { fence, line };
  }

  #take(length: number): string {
    const taken = this.#held.slice(0, length);
    this.#held = this.#held.slice(length);
    return taken;
  }
}

/** How a mark is used. */
interface Use {
  /** Characters after the mark that belong to it. */
  readonly length: number;
  /** What closes the reasoning that it opens. */
  readonly closes?: readonly string[];
  /** It closes reasoning that the prompt has opened. */
  readonly isClose?: true;
}

function readGemma(mark: string, after: string): 'text' | 'wait' | Use {
  if (mark === GEMMA_END) return { length: 0 };
  const end = after.indexOf('\n');
  if (end === -1) return after.length > HEADER_LENGTH ? 'text' : 'wait';
  return after.slice(0, end).trim() === 'thought' ? { length: end, closes: [GEMMA_END] } : { length: end };
}

/** How many characters at the end of `text` may be the beginning of one of the marks, less than the whole of it. */
function partialLength(text: string, marks: readonly string[]): number {
  return Math.max(...marks.map((mark) => partialSuffixLength(text, mark)));
}

/** How many characters at the end of `text` may be the beginning of `mark`, less than the whole of it. */
export function partialSuffixLength(text: string, mark: string): number {
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(mark.slice(0, length))) return length;
  }
  return 0;
}
