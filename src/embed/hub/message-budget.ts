/** Limits how many messages a side may send: a burst at once, refilled at a steady rate. */
export class MessageBudget {
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #now: () => number;
  #left: number;
  #refilledAt: number;

  /** @param now ms, of a clock that never runs backwards */
  constructor(burst: number, perSecond: number, now: () => number = () => performance.now()) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#now = now;
    this.#left = burst;
    this.#refilledAt = now();
  }

  /** Takes one message from the budget. @returns false if there is none left */
  spend(): boolean {
    const now = this.#now();
    this.#left = Math.min(this.#burst, this.#left + ((now - this.#refilledAt) / 1_000) * this.#perSecond);
    this.#refilledAt = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
