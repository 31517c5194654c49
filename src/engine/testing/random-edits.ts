import type { PromptMessage } from '../engine.ts';

const SYSTEM = 'You are a helpful assistant.';
/** Messages of the longest prompt. */
const MOST_MESSAGES = 9;

/**
 * Prompts as someone causes them who goes to and fro in a few chats: next turns, answers generated again, edited questions,
 * other branches, other chats. The same ones for the same seed and answers.
 */
export class RandomEdits {
  readonly #questions: readonly string[];
  /** Every path from the first message of a chat to one of its answers. */
  readonly #paths: PromptMessage[][] = [];
  #state: number;
  #prompt: PromptMessage[] = [];

  constructor(seed: number, questions: readonly string[]) {
    this.#state = seed;
    this.#questions = questions;
  }

  next(): readonly PromptMessage[] {
    const path = this.#paths[this.#below(this.#paths.length)];
    if (path === undefined || this.#below(8) === 0) {
      this.#prompt = [...(this.#below(2) === 0 ? [system()] : []), this.#question()];
    } else if (this.#below(3) === 0) {
      this.#prompt = path.slice(0, -1);
    } else if (this.#below(2) === 0 || path.length >= MOST_MESSAGES) {
      this.#prompt = [...path.slice(0, -2), this.#question()];
    } else {
      this.#prompt = [...path, this.#question()];
    }
    return this.#prompt;
  }

  /** Puts the answer to the last prompt into its chat. */
  answer(content: string): void {
    this.#paths.push([...this.#prompt, { role: 'assistant', content }]);
  }

  #question(): PromptMessage {
    return { role: 'user', content: this.#questions[this.#below(this.#questions.length)] ?? '' };
  }

  /** A whole number from 0 to below the limit (mulberry32). */
  #below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }
}

function system(): PromptMessage {
  return { role: 'system', content: SYSTEM };
}
