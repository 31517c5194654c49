/** Holds one frozen snapshot. Each change makes a new one, in which unchanged parts stay `===`. */
export class StateStore<State extends object> {
  #state: Readonly<State>;
  readonly #listeners = new Set<() => void>();

  constructor(initial: State) {
    this.#state = Object.freeze({ ...initial });
  }

  get state(): Readonly<State> {
    return this.#state;
  }

  set(change: Partial<State>): void {
    this.#state = Object.freeze({ ...this.#state, ...change });
    for (const listener of [...this.#listeners]) listener();
  }

  /** Calls `listener` after each change. Returns its undo. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
