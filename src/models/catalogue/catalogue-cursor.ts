import { AlcoveError } from '../../platform/errors.ts';

/** A place in parsed JSON that knows its path, so that a refusal can name it. Every reader throws `catalogue-invalid`. */
export class CatalogueCursor {
  readonly #value: unknown;
  readonly #path: string;

  /** `path` as in `models[3].licence.url`; the root's is empty. */
  constructor(value: unknown, path = '') {
    this.#value = value;
    this.#path = path;
  }

  /** The member of that name; absent reads as undefined, which every reader but `optional` refuses. */
  key(name: string): CatalogueCursor {
    const path = this.#path === '' ? name : `${this.#path}.${name}`;
    return new CatalogueCursor(this.#object()[name], path);
  }

  /** What `read` makes of the member, or undefined where there is none. `null` is not absence. */
  optional<T>(name: string, read: (member: CatalogueCursor) => T): T | undefined {
    const member = this.key(name);
    return member.#value === undefined ? undefined : read(member);
  }

  items(): readonly CatalogueCursor[] {
    if (!Array.isArray(this.#value)) throw this.refusal('a list');
    return this.#value.map((item: unknown, index) => new CatalogueCursor(item, `${this.#path}[${index}]`));
  }

  entries(): readonly (readonly [string, CatalogueCursor])[] {
    return Object.keys(this.#object()).map((name) => [name, this.key(name)] as const);
  }

  isText(): boolean {
    return typeof this.#value === 'string';
  }

  /** Text that is not blank and, where a pattern is given, matches it. */
  text(pattern?: RegExp): string {
    if (typeof this.#value !== 'string' || this.#value.trim() === '') throw this.refusal('text');
    if (pattern !== undefined && !pattern.test(this.#value)) throw this.refusal(`text like ${pattern.source}`);
    return this.#value;
  }

  /** An exact integer of at least `least`: sizes and counts. */
  count(least: number): number {
    if (typeof this.#value !== 'number' || !Number.isSafeInteger(this.#value) || this.#value < least) {
      throw this.refusal(`a whole number of at least ${least}`);
    }
    return this.#value;
  }

  flag(): boolean {
    if (typeof this.#value !== 'boolean') throw this.refusal('true or false');
    return this.#value;
  }

  numberOrText(): number | string {
    return typeof this.#value === 'number' && Number.isFinite(this.#value) ? this.#value : this.text();
  }

  oneOf<T extends string | number>(values: readonly T[]): T {
    const found = values.find((value) => value === this.#value);
    if (found === undefined) throw this.refusal(`one of ${values.join(', ')}`);
    return found;
  }

  /**
   * An address made absolute against `baseUrl`. Only http and https: a link may not run script nor read a disk. A relative
   * one stays on the catalogue's origin; `//other.example/…` would not.
   */
  url(baseUrl: string): string {
    const text = this.text();
    if (!URL.canParse(text, baseUrl)) throw this.refusal('an address');
    const url = new URL(text, baseUrl);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') throw this.refusal('an http(s) address');
    if (!URL.canParse(text) && url.origin !== new URL(baseUrl).origin)
      throw this.refusal('an address on its own origin');
    return url.href;
  }

  refusal(expected: string): AlcoveError {
    const path = this.#path === '' ? 'the whole' : this.#path;
    return new AlcoveError('catalogue-invalid', `Catalogue: ${path} should be ${expected}.`, {
      data: { path: this.#path },
    });
  }

  #object(): Readonly<Record<string, unknown>> {
    if (typeof this.#value !== 'object' || this.#value === null || Array.isArray(this.#value)) {
      throw this.refusal('an object');
    }
    return this.#value as Readonly<Record<string, unknown>>;
  }
}
