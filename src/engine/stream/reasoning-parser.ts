export interface ReasoningPiece {
  readonly type: 'text-delta' | 'reasoning-delta';
  readonly text: string;
}

const OPEN = '<think>';
const CLOSE = '</think>';

/**
 * Separates the reasoning of a completion that begins with `<think>…</think>` from its answer, as the completion arrives.
 * A tag may be split over pieces. White space around the tags belongs to neither; a later `<think>` is text.
 */
export class ReasoningParser {
  #phase: 'start' | 'reasoning-start' | 'reasoning' | 'text-start' | 'text' = 'start';
  /** Text that cannot be assigned yet: the beginning of a tag, white space that a tag may follow. */
  #held = '';

  /** @param piece as generated; may be empty */
  push(piece: string): ReasoningPiece[] {
    if (this.#phase === 'text') return delta('text-delta', piece);
    this.#held += piece;
    const deltas: ReasoningPiece[] = [];
    while (this.#step(deltas));
    return deltas;
  }

  /** Ends the completion. @returns the text that was held back */
  end(): ReasoningPiece[] {
    const held = this.#held;
    this.#held = '';
    if (this.#phase === 'start') return delta('text-delta', held);
    if (this.#phase === 'reasoning') return delta('reasoning-delta', held.trimEnd());
    return [];
  }

  /** Takes one step if the held text allows it. @returns whether another step may be possible */
  #step(deltas: ReasoningPiece[]): boolean {
    switch (this.#phase) {
      case 'start':
        return this.#stepStart(deltas);
      case 'reasoning-start':
        return this.#skipSpace('reasoning');
      case 'reasoning':
        return this.#stepReasoning(deltas);
      case 'text-start':
        return this.#skipSpace('text');
      case 'text':
        deltas.push(...delta('text-delta', this.#take(this.#held.length)));
        return false;
    }
  }

  #stepStart(deltas: ReasoningPiece[]): boolean {
    const text = this.#held.trimStart();
    if (text.startsWith(OPEN)) {
      this.#held = text.slice(OPEN.length);
      this.#phase = 'reasoning-start';
      return true;
    }
    if (OPEN.startsWith(text)) return false;
    deltas.push(...delta('text-delta', this.#take(this.#held.length)));
    this.#phase = 'text';
    return false;
  }

  #stepReasoning(deltas: ReasoningPiece[]): boolean {
    const close = this.#held.indexOf(CLOSE);
    if (close >= 0) {
      deltas.push(...delta('reasoning-delta', this.#held.slice(0, close).trimEnd()));
      this.#held = this.#held.slice(close + CLOSE.length);
      this.#phase = 'text-start';
      return true;
    }
    const certain = this.#held.slice(0, this.#held.length - partialSuffixLength(this.#held, CLOSE)).trimEnd();
    deltas.push(...delta('reasoning-delta', this.#take(certain.length)));
    return false;
  }

  #skipSpace(next: 'reasoning' | 'text'): boolean {
    this.#held = this.#held.trimStart();
    if (this.#held === '') return false;
    this.#phase = next;
    return true;
  }

  #take(length: number): string {
    const taken = this.#held.slice(0, length);
    this.#held = this.#held.slice(length);
    return taken;
  }
}

function delta(type: ReasoningPiece['type'], text: string): ReasoningPiece[] {
  return text === '' ? [] : [{ type, text }];
}

/** How many characters at the end of `text` may be the beginning of `mark`, less than the whole of it. */
export function partialSuffixLength(text: string, mark: string): number {
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(mark.slice(0, length))) return length;
  }
  return 0;
}
