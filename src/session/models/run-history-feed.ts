import type { DeviceReport } from '../../models/device.ts';
import { ENGINE_VERSIONS } from '../../models/engines/engine-profiles.ts';
import { type DeviceRunHistory, deviceKey, isOf, type RunResult } from '../../models/fit/run-history.ts';
import { RunHistoryStore } from '../../storage/run-history-store.ts';
import type { SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';

/** Tells what came of running models on this device: on earlier visits, and from then on what the runtime learns. */
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
    this.#unsubscribe = state.subscribe(() => this.#tell(this.#state.state.runtime.history));
  }

  /** What earlier visits have left. A store that cannot be read tells nothing. */
  async recall(device: DeviceReport): Promise<void> {
    const store = new RunHistoryStore(this.#storeName);
    try {
      const results = await store.read(deviceKey(device, navigator.userAgent, ENGINE_VERSIONS));
      // The runtime may have read it first, and knows more.
      if (results.length > 0 && this.#state.state.runtime.history.length === 0) {
        this.#learn({ of: (record) => results.filter((result) => isOf(result, record)) });
      }
    } catch {
      // No storage: what this visit learns is all there is.
    } finally {
      store.close();
    }
  }

  dispose(): void {
    this.#unsubscribe();
  }

  #tell(results: readonly RunResult[]): void {
    if (results === this.#known) return;
    this.#known = results;
    this.#learn({ of: (record) => results.filter((result) => isOf(result, record)) });
  }
}
