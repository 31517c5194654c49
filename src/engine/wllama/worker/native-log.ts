import { isEcho } from './inner-worker.ts';

/** Lines kept, the newest. */
const CAPACITY = 40;

/**
 * Takes what llama.cpp and wllama log, and keeps its errors and warnings: wllama's own errors often do not say what
 * went wrong. Nothing goes to the console.
 */
export class NativeLog {
  readonly #lines: string[] = [];

  readonly debug = (): void => {};
  readonly log = (): void => {};
  readonly warn = (...items: unknown[]): void => this.#keep(items);
  readonly error = (...items: unknown[]): void => this.#keep(items);

  /** Oldest first. */
  get text(): string {
    return this.#lines.join('\n');
  }

  clear(): void {
    this.#lines.length = 0;
  }

  #keep(items: readonly unknown[]): void {
    if (isEcho(items[0])) return;
    this.#lines.push(items.map(toText).join(' ').trim());
    this.#lines.splice(0, this.#lines.length - CAPACITY);
  }
}

function toText(item: unknown): string {
  if (typeof item === 'string') return item;
  return item instanceof Error ? item.message : (JSON.stringify(item) ?? '');
}
