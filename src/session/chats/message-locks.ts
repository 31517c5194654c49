/**
 * Tells all tabs what is being done with a message: that an answer is being generated, or that a deletion can be undone. The
 * browser releases a Web Lock when its tab ends in any way, so that nothing counts as being done forever. An insecure page
 * has no locks: its tabs do not know of each other.
 */
export class MessageLocks {
  readonly #prefix: string;
  /** The messages that this tab has marked. A lock may stay a moment in the browser's list after its undo. */
  readonly #own = new Set<string>();

  /** @param name begins the name of each lock; the id of the message follows */
  constructor(name: string) {
    this.#prefix = name;
  }

  /**
   * Marks a message in this tab. Returns its undo, which resolves when the browser does not list the mark any more.
   * @param mode `shared` where several tabs may mark the same
   */
  hold(messageId: string, mode: LockMode = 'exclusive'): () => Promise<void> {
    const held = Promise.withResolvers<void>();
    this.#own.add(messageId);
    const released = this.#locks?.request(this.#prefix + messageId, { mode }, () => held.promise).catch(() => {});
    const ended = Promise.all([held.promise, released]).then(() => void this.#own.delete(messageId));
    return () => {
      held.resolve();
      return ended;
    };
  }

  async isHeld(messageId: string): Promise<boolean> {
    return (await this.held()).has(messageId);
  }

  /** Whether another tab has marked any message. */
  async isAnyHeldElsewhere(): Promise<boolean> {
    const own = new Set(this.#own);
    return [...(await this.held())].some((id) => !own.has(id));
  }

  /** The messages that any tab has marked. */
  async held(): Promise<Set<string>> {
    const state = await this.#locks?.query();
    const names = (state?.held ?? []).flatMap(({ name }) => name ?? []);
    const own = names.filter((name) => name.startsWith(this.#prefix));
    return new Set(own.map((name) => name.slice(this.#prefix.length)));
  }

  /** Resolves when no tab has marked the message. */
  async end(messageId: string, signal: AbortSignal): Promise<void> {
    await this.#locks?.request(this.#prefix + messageId, { mode: 'shared', signal }, () => {});
  }

  get #locks(): LockManager | undefined {
    return (navigator as { readonly locks?: LockManager }).locks;
  }
}
