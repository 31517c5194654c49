/** The KV cache of the engine as sequences of tokens, each on pages of its own. */
export interface KvSequences {
  add(id: number): void;
  remove(id: number): void;
  /** Takes the last tokens of a sequence back. */
  pop(id: number, tokens: number): void;
  clear(): void;
  /** Tokens of all sequences together. */
  tokenCount(): number;
  freePages(): number;
}

/** Tokens of a page: `defaultPageSize` in web-llm 0.2.86. */
export const PAGE_TOKENS = 16;

/**
 * What rolling back may throw away for each token that it saves. An answer that is generated again is thrown away; a chat is
 * not, for the few tokens of the chat template that another chat begins with too.
 */
const MOST_LOST_PER_KEPT = 4;

/** Stands for what is no token. Equals nothing, so that nothing behind it is reused. */
const NO_TOKEN = Number.NaN;

/**
 * Decides which tokens of a prompt are in the KV cache already. A sequence holds one chat, or one branch of it. When the pages
 * are used up, the sequence that was not used for longest loses its end.
 */
export class PromptCache {
  readonly #kv: KvSequences;
  /** The tokens of each sequence; least recently used first, the active one last. */
  readonly #sequences = new Map<number, number[]>();
  #activeId = -1;
  #nextId = 0;

  constructor(kv: KvSequences) {
    this.#kv = kv;
    kv.clear();
  }

  /** The sequence of the last prompt. */
  get activeId(): number {
    return this.#activeId;
  }

  /**
   * Chooses a sequence for a prompt and rolls it back to what both share.
   * @returns how many of the prompt's tokens it holds: never all, because the last one's logits are needed
   */
  begin(prompt: readonly number[]): number {
    try {
      const kept = this.#rollBack(prompt);
      if (this.#kv.tokenCount() === sum(this.#sequences.values())) return kept;
    } catch {
      // As below.
    }
    // The cache is not what it should be: read the prompt as a whole.
    this.forget();
    this.#start();
    return 0;
  }

  /** Makes room for tokens that the active sequence is given next. @param tokens undefined for what is no text */
  append(tokens: readonly number[] | undefined, count: number): void {
    const active = this.#sequences.get(this.#activeId);
    if (active === undefined) throw new Error('no prompt was started');
    this.#makeRoom(pagesOf(active.length + count) - pagesOf(active.length));
    if (tokens === undefined) active.push(...new Array<number>(count).fill(NO_TOKEN));
    else active.push(...tokens);
  }

  /** Forgets everything, because the cache is not known to hold what was given to it. */
  forget(): void {
    this.#sequences.clear();
    this.#kv.clear();
  }

  #rollBack(prompt: readonly number[]): number {
    let best: { id: number; tokens: number[]; kept: number } | undefined;
    for (const [id, tokens] of this.#sequences) {
      const kept = Math.min(commonLength(tokens, prompt), prompt.length - 1);
      if (tokens.length - kept <= MOST_LOST_PER_KEPT * kept && kept > (best?.kept ?? 0)) best = { id, tokens, kept };
    }
    if (best === undefined) return this.#start();
    const { id, tokens, kept } = best;
    if (tokens.length > kept) this.#kv.pop(id, tokens.length - kept);
    tokens.length = kept;
    this.#activate(id, tokens);
    return kept;
  }

  #start(): 0 {
    const id = this.#nextId++;
    this.#kv.add(id);
    this.#activate(id, []);
    return 0;
  }

  #activate(id: number, tokens: number[]): void {
    this.#sequences.delete(id);
    this.#sequences.set(id, tokens);
    this.#activeId = id;
  }

  #makeRoom(pages: number): void {
    if (pages === 0) return;
    let missing = pages - this.#kv.freePages();
    for (const [id, tokens] of this.#sequences) {
      if (missing <= 0 || id === this.#activeId) return;
      const held = pagesOf(tokens.length);
      if (held <= missing) {
        this.#kv.remove(id);
        this.#sequences.delete(id);
      } else {
        const left = (held - missing) * PAGE_TOKENS;
        this.#kv.pop(id, tokens.length - left);
        tokens.length = left;
      }
      missing = pages - this.#kv.freePages();
    }
  }
}

function pagesOf(tokens: number): number {
  return Math.ceil(tokens / PAGE_TOKENS);
}

function commonLength(a: readonly number[], b: readonly number[]): number {
  const end = Math.min(a.length, b.length);
  for (let at = 0; at < end; at++) if (a[at] !== b[at]) return at;
  return end;
}

function sum(sequences: Iterable<readonly number[]>): number {
  let total = 0;
  for (const { length } of sequences) total += length;
  return total;
}
