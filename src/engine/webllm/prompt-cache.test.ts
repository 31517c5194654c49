import { beforeEach, describe, expect, test } from 'vitest';
import { type KvSequences, PAGE_TOKENS, PromptCache } from './worker/prompt-cache.ts';

const PAGES = 8;

/** Keeps count of what the runtime in a model's library would hold. */
class CountedSequences implements KvSequences {
  readonly lengths = new Map<number, number>();

  add(id: number): void {
    this.lengths.set(id, 0);
  }

  remove(id: number): void {
    this.lengths.delete(id);
  }

  pop(id: number, tokens: number): void {
    this.lengths.set(id, this.lengthOf(id) - tokens);
  }

  clear(): void {
    this.lengths.clear();
  }

  tokenCount(): number {
    return [...this.lengths.values()].reduce((total, length) => total + length, 0);
  }

  freePages(): number {
    const held = [...this.lengths.values()].map((length) => Math.ceil(length / PAGE_TOKENS));
    return PAGES - held.reduce((total, pages) => total + pages, 0);
  }

  lengthOf(id: number): number {
    return this.lengths.get(id) ?? Number.NaN;
  }
}

describe('the choice of what is kept of earlier prompts', () => {
  let kv: CountedSequences;
  let cache: PromptCache;

  beforeEach(() => {
    kv = new CountedSequences();
    cache = new PromptCache(kv);
  });

  /** As the engine reads a prompt. @returns how many of its tokens were there */
  function read(prompt: readonly number[]): number {
    const kept = cache.begin(prompt);
    const rest = prompt.slice(kept);
    cache.append(rest, rest.length);
    kv.lengths.set(cache.activeId, kv.lengthOf(cache.activeId) + rest.length);
    expect(kv.freePages()).toBeGreaterThanOrEqual(0);
    return kept;
  }

  test('keeps what a prompt shares with the one before', () => {
    expect(read(tokens(1, 40))).toBe(0);
    expect(read([...tokens(1, 40), 500, 501])).toBe(40);
    expect(read([...tokens(1, 38), 600, 601])).toBe(38);
    expect(kv.lengths.size).toBe(1);
  });

  test('leaves the last token of a prompt to be read, because its logits are needed', () => {
    read(tokens(1, 40));
    expect(read(tokens(1, 40))).toBe(39);
    expect(read(tokens(1, 20))).toBe(19);
  });

  test('keeps a chat while another one is read that begins with the same few tokens', () => {
    read(tokens(1, 40));
    expect(read([...tokens(1, 4), 700, 701])).toBe(0);
    expect(kv.lengths.size).toBe(2);
    expect(read([...tokens(1, 40), 500])).toBe(40);
    expect(read([...tokens(1, 4), 700, 701, 702])).toBe(6);
  });

  test('takes the end of the chat that was not used for longest when the pages are used up', () => {
    read(tokens(1, 60));
    read(tokens(1000, 60));
    // Three pages more: the first chat keeps one of its four.
    expect(read(tokens(2000, 48))).toBe(0);
    expect(read(tokens(1000, 60))).toBe(59);
    expect(read(tokens(1, 40))).toBe(PAGE_TOKENS);
  });

  test('gives one prompt all the pages', () => {
    read(tokens(1, 60));
    read(tokens(1000, 60));
    read(tokens(2000, PAGES * PAGE_TOKENS));
    expect(kv.lengths.size).toBe(1);
  });

  test('reuses nothing behind what is no text', () => {
    cache.begin([]);
    cache.append(undefined, 30);
    kv.lengths.set(cache.activeId, 30);
    expect(read([Number.NaN, 1, 2])).toBe(0);
  });

  test('reads a prompt as a whole when the engine holds something else than it should', () => {
    read(tokens(1, 40));
    kv.lengths.set(cache.activeId, 39);
    expect(cache.begin(tokens(1, 50))).toBe(0);
    expect(kv.tokenCount()).toBe(0);
  });

  test('reads a prompt as a whole when the engine cannot roll back', () => {
    read(tokens(1, 40));
    kv.pop = () => {
      throw new Error('no such sequence');
    };
    expect(read(tokens(1, 20))).toBe(0);
  });
});

function tokens(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
