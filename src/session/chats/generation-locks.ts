/**
 * Tells the tabs which answers are being written somewhere. A Web Lock ends with its tab, however that ends, so nothing
 * is taken for being written for ever. Where there are no locks (an insecure page) each tab is on its own.
 */
export class GenerationLocks {
  readonly #prefix: string;

  constructor(scope: string) {
    this.#prefix = `${scope}-writing-`;
  }

  /** Marks an answer as being written here. Returns its undo. */
  hold(messageId: string): () => void {
    const held = Promise.withResolvers<void>();
    this.#locks?.request(this.#prefix + messageId, () => held.promise).catch(() => {});
    return held.resolve;
  }

  /** Whether some tab is writing the answer. */
  async isHeld(messageId: string): Promise<boolean> {
    const state = await this.#locks?.query();
    return state?.held?.some(({ name }) => name === this.#prefix + messageId) ?? false;
  }

  /** Whether some tab is writing any answer. */
  async isAnyHeld(): Promise<boolean> {
    const state = await this.#locks?.query();
    return state?.held?.some(({ name }) => name?.startsWith(this.#prefix) === true) ?? false;
  }

  /** Resolves when no tab is writing the answer any more. */
  async end(messageId: string, signal: AbortSignal): Promise<void> {
    await this.#locks?.request(this.#prefix + messageId, { mode: 'shared', signal }, () => {});
  }

  get #locks(): LockManager | undefined {
    return (navigator as { readonly locks?: LockManager }).locks;
  }
}
