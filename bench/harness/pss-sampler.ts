import { pssBytes } from './processes.ts';

const INTERVAL_MS = 50;

/** Samples the memory of processes from its construction until `stop`. */
export class PssSampler {
  readonly #pids: readonly number[];
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #baselineBytes: number;
  #peakBytes: number;

  constructor(pids: readonly number[]) {
    this.#pids = pids;
    this.#baselineBytes = this.#total();
    this.#peakBytes = this.#baselineBytes;
    this.#timer = setInterval(() => this.#sample(), INTERVAL_MS);
  }

  /** The highest sum above the first, bytes. */
  get riseBytes(): number {
    return this.#peakBytes - this.#baselineBytes;
  }

  /** The current sum above the first, bytes. */
  get riseNowBytes(): number {
    return this.#total() - this.#baselineBytes;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#sample();
  }

  #sample(): void {
    this.#peakBytes = Math.max(this.#peakBytes, this.#total());
  }

  #total(): number {
    return this.#pids.reduce((sum, pid) => sum + pssBytes(pid), 0);
  }
}
