import { ENGINE_VERSIONS } from '../../engine/engine-versions.ts';
import type { DeviceReport } from '../../models/device.ts';
import { type DeviceRunHistory, deviceKey, isOf, type RunResult } from '../../models/fit/run-history.ts';
import { RunHistoryStore } from '../../storage/run-history-store.ts';
import type { SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';

/** Tells what came of running models on this device: on earlier visits, and from then on what the ladder learns. */
export class RunHistoryFeed {
  readonly #state: StateStore<SessionState>;
  readonly #storeName: string;
  readonly #learn: (outcomes: DeviceRunHistory) => void;
  #known: readonly RunResult[];
  readonly #unsubscribe: () => void;

  constructor(state: StateStore<SessionState>, storeName: string, learn: (outcomes: DeviceRunHistory) => void) {
    this.#state = state;
    this.#storeName = storeName;
    this.#learn = learn;
    this.#known = state.state.ladder.outcomes;
    this.#unsubscribe = state.subscribe(() => this.#tell(this.#state.state.ladder.outcomes));
  }

  /** What earlier visits have left. A store that cannot be read tells nothing. */
  async recall(device: DeviceReport): Promise<void> {
    const store = new RunHistoryStore(this.#storeName);
    try {
      const outcomes = await store.read(deviceKey(device, navigator.userAgent, ENGINE_VERSIONS));
      // The ladder may have been quicker, and knows more.
      if (outcomes.length > 0 && this.#state.state.ladder.outcomes.length === 0) {
        this.#learn({ of: (record) => outcomes.filter((outcome) => isOf(outcome, record)) });
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

  #tell(outcomes: readonly RunResult[]): void {
    if (outcomes === this.#known) return;
    this.#known = outcomes;
    this.#learn({ of: (record) => outcomes.filter((outcome) => isOf(outcome, record)) });
  }
}
