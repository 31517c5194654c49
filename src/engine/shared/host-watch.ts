import type { HostStatus } from '../engine.ts';

/** ms of silence in all after which a host counts as silent; half of it is the time for an answer to a ping. */
export const SILENT_AFTER_MS = 5_000;

/**
 * Notices that the host says nothing while a client waits for it: its thread has stopped, or its tab is frozen. A host that
 * loads or reads a long prompt may be silent too, so it is asked before it counts as silent.
 */
export class HostWatch {
  readonly #ping: () => void;
  readonly #onChange: (status: HostStatus) => void;
  readonly #silentAfterMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #status: HostStatus = 'answers';

  /** @param onChange called with each change; the status is `answers` at first */
  constructor(ping: () => void, onChange: (status: HostStatus) => void, silentAfterMs = SILENT_AFTER_MS) {
    this.#ping = ping;
    this.#onChange = onChange;
    this.#silentAfterMs = silentAfterMs;
  }

  /** A call waits for the host from now on. */
  start(): void {
    clearTimeout(this.#timer);
    // One after the other: after a sleep of this computer both would be due, and the host had no time to answer.
    this.#timer = setTimeout(() => {
      this.#ping();
      this.#timer = setTimeout(() => this.#set('silent'), this.#silentAfterMs / 2);
    }, this.#silentAfterMs / 2);
  }

  /** The host has said something. */
  heard(): void {
    if (this.#timer === undefined) return;
    this.#set('answers');
    this.start();
  }

  /** A tab of another version has said that it is the host. */
  heardOther(): void {
    if (this.#timer !== undefined) this.#set('other-version');
  }

  /** Nobody waits for the host any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#set('answers');
  }

  #set(status: HostStatus): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#onChange(status);
  }
}
