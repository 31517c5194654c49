/** A part that is loaded when it is first needed, and is one and the same from then on. */
export class Lazy<Part> {
  readonly #make: () => Promise<Part>;
  #part: Part | undefined;
  #loading: Promise<Part> | undefined;

  constructor(make: () => Promise<Part>) {
    this.#make = make;
  }

  /** Undefined until it is there. */
  get value(): Part | undefined {
    return this.#part;
  }

  /** @throws when it cannot be fetched; the next call tries again */
  load(): Promise<Part> {
    this.#loading ??= this.#make().then(
      (part) => {
        this.#part = part;
        return part;
      },
      (error: unknown) => {
        this.#loading = undefined;
        throw error;
      },
    );
    return this.#loading;
  }
}
