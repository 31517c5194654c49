/**
 * Tells all tabs which answers are being generated. The browser releases a Web Lock when its tab ends in any way, so that no
 * answer counts as running forever. An insecure page has no locks: its tabs do not know of each other.
 */
export class GenerationLocks {
  readonly #prefix: string;
  /** Names of the locks that this tab holds. One may stay a moment in the browser's list after its undo. */
  readonly #own = new Set<string>();

  constructor(scope: string) {
    this.#prefix = `${scope}-writing-`;
  }

  /** Marks an answer as being generated in this tab. Returns its undo. */
  hold(messageId: string): () => void {
    const held = Promise.withResolvers<void>();
    const name = this.#prefix + messageId;
    this.#own.add(name);
    const released = this.#locks?.request(name, () => held.promise).catch(() => {});
    void Promise.all([held.promise, released]).then(() => this.#own.delete(name));
    return held.resolve;
  }

  async isHeld(messageId: string): Promise<boolean> {
    const state = await this.#locks?.query();
    return state?.held?.some(({ name }) => name === this.#prefix + messageId) ?? false;
  }

  /** Whether another tab is generating any answer. */
  async isAnyHeldElsewhere(): Promise<boolean> {
    const own = new Set(this.#own);
    const state = await this.#locks?.query();
    return state?.held?.some(({ name = '' }) => name.startsWith(this.#prefix) && !own.has(name)) ?? false;
  }

  /** Resolves when no tab is generating the answer. */
  async end(messageId: string, signal: AbortSignal): Promise<void> {
    await this.#locks?.request(this.#prefix + messageId, { mode: 'shared', signal }, () => {});
  }

  get #locks(): LockManager | undefined {
    return (navigator as { readonly locks?: LockManager }).locks;
  }
}
