import type { DeviceReport } from '../../models/device.ts';
import { ENGINE_VERSIONS } from '../../models/engines/engine-profiles.ts';
import { type DeviceRunHistory, deviceKey, isOf, type RunResult } from '../../models/fit/run-history.ts';
import { RunHistoryStore } from '../../storage/run-history-store.ts';
import type { SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';

/** Passes the run history of this device on: first that of earlier visits, then each change that the runtime makes. */
export class RunHistoryFeed {
  readonly #state: StateStore<SessionState>;
  readonly #storeName: string;
  readonly #learn: (results: DeviceRunHistory) => void;
  #known: readonly RunResult[];
  readonly #unsubscribe: () => void;

  constructor(state: StateStore<SessionState>, storeName: string, learn: (results: DeviceRunHistory) => void) {
    this.#state = state;
    this.#storeName = storeName;
    this.#learn = learn;
    this.#known = state.state.runtime.history;
    this.#unsubscribe = state.subscribe(() => this.#pass(this.#state.state.runtime.history));
  }

  async recall(device: DeviceReport): Promise<void> {
    const store = new RunHistoryStore(this.#storeName);
    try {
      const results = await store.read(deviceKey(device, navigator.userAgent, ENGINE_VERSIONS));
      // The runtime may have read it first, and knows more.
      if (results.length > 0 && this.#state.state.runtime.history.length === 0) {
        this.#learn({ of: (record) => results.filter((result) => isOf(result, record)) });
      }
    } catch {
      // Without storage, only the run history of this visit counts.
    } finally {
      store.close();
    }
  }

  dispose(): void {
    this.#unsubscribe();
  }

  #pass(results: readonly RunResult[]): void {
    if (results === this.#known) return;
    this.#known = results;
    this.#learn({ of: (record) => results.filter((result) => isOf(result, record)) });
  }
}
