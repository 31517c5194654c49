import { isFields } from '../platform/untrusted-json.ts';
import { AlcoveApiError, invalidValue, unsupportedParameter } from './api-error.ts';

interface Range {
  readonly least?: number;
  readonly most?: number;
  readonly isWhole?: boolean;
}

/**
 * Reads the parameters of a request that anyone may have made. `null` counts as absent, as in OpenAI's protocol. Every
 * method throws an AlcoveApiError that names the parameter, and `end` one for those that nothing has read: no part of a
 * request is ignored.
 */
export class Parameters {
  /** Of the object in the request: `messages[0]`; empty for the request itself. */
  readonly path: string;
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #read = new Set<string>();

  constructor(value: unknown, path = '') {
    if (!isFields(value)) throw wrongType(path, 'an object', value);
    this.#fields = value;
    this.path = path;
  }

  /** Where a parameter of this object is in the request. */
  pathOf(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  get(name: string): unknown {
    this.#read.add(name);
    const value = Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
    return value ?? undefined;
  }

  required(name: string): unknown {
    const value = this.get(name);
    if (value !== undefined) return value;
    const param = this.pathOf(name);
    throw new AlcoveApiError(`Missing required parameter: '${param}'.`, {
      status: 400,
      code: 'missing_required_parameter',
      param,
    });
  }

  string(name: string): string | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw wrongType(this.pathOf(name), 'a string', value);
    return value.toWellFormed();
  }

  requiredString(name: string): string {
    this.required(name);
    return this.string(name) ?? '';
  }

  number(name: string, { least = -Infinity, most = Infinity, isWhole = false }: Range = {}): number | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'number') throw wrongType(this.pathOf(name), 'a number', value);
    if (isWhole && !Number.isInteger(value)) throw wrongType(this.pathOf(name), 'an integer', value);
    if (!(value >= least && value <= most)) {
      throw invalidValue(
        this.pathOf(name),
        `Invalid '${this.pathOf(name)}': expected a value from ${least} to ${most}, but got ${value}.`,
      );
    }
    return value;
  }

  boolean(name: string): boolean | undefined {
    const value = this.get(name);
    if (value === undefined || typeof value === 'boolean') return value;
    throw wrongType(this.pathOf(name), 'a boolean', value);
  }

  oneOf<Value extends string>(name: string, values: readonly Value[]): Value | undefined {
    const text = this.string(name);
    if (text === undefined) return undefined;
    const value = values.find((known) => known === text);
    if (value !== undefined) return value;
    const expected = values.map((known) => `'${known}'`).join(', ');
    const param = this.pathOf(name);
    throw invalidValue(param, `Invalid value: '${text}' for '${param}'. Supported values are: ${expected}.`);
  }

  array(name: string, { least = 0, most }: { least?: number; most: number }): readonly unknown[] | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    const param = this.pathOf(name);
    if (!Array.isArray(value)) throw wrongType(param, 'an array', value);
    if (value.length < least) {
      throw invalidValue(param, `Invalid '${param}': empty array.`, 'empty_array');
    }
    if (value.length > most) {
      const message = `Invalid '${param}': array too long. Expected at most ${most} elements, but got ${value.length}.`;
      throw invalidValue(param, message, 'array_above_max_length');
    }
    return value;
  }

  /** The objects of an array. */
  list(name: string, limits: { least?: number; most: number }): readonly Parameters[] | undefined {
    return this.array(name, limits)?.map((value, index) => new Parameters(value, `${this.pathOf(name)}[${index}]`));
  }

  object(name: string): Parameters | undefined {
    const value = this.get(name);
    return value === undefined ? undefined : new Parameters(value, this.pathOf(name));
  }

  /** Parameters that have no influence on an answer here: `user`, `metadata`. */
  accept(...names: readonly string[]): void {
    for (const name of names) this.#read.add(name);
  }

  /** Parameters that Alcove cannot follow. @param unless values that ask for nothing: `{ n: 1 }` */
  refuse(unless: Readonly<Record<string, readonly unknown[]>>): void {
    for (const [name, harmless] of Object.entries(unless)) {
      const value = this.get(name);
      if (value === undefined || harmless.some((one) => JSON.stringify(one) === JSON.stringify(value))) continue;
      throw unsupportedParameter(this.pathOf(name));
    }
  }

  /** @throws AlcoveApiError `unknown_parameter` for one that was not read */
  end(): void {
    for (const [name, value] of Object.entries(this.#fields)) {
      if (this.#read.has(name) || value === undefined) continue;
      const param = this.pathOf(name);
      throw new AlcoveApiError(`Unknown parameter: '${param}'.`, { status: 400, code: 'unknown_parameter', param });
    }
  }
}

export function wrongType(param: string, expected: string, value: unknown): AlcoveApiError {
  const kind = value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value;
  const message =
    param === ''
      ? `Invalid request: expected ${expected}, but got ${kind}.`
      : `Invalid type for '${param}': expected ${expected}, but got ${kind}.`;
  return invalidValue(param, message, 'invalid_type');
}
