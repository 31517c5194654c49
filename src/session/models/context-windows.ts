import { localKeyOf, readLocalSetting, writeLocalSetting } from '../../platform/local-setting.ts';

/** In localStorage: every fit and every load needs them at once, and other tabs hear of a change. */
const KEY = 'alcove-context-windows';

const DEFAULT_PREFIX = 'alcove';

export interface ContextWindowsOptions {
  readonly databasePrefix: string;
  /** Another tab has changed a choice. */
  readonly onChange: () => void;
  readonly disposed: AbortSignal;
}

/** The context windows that the user has chosen, by model id. Where storage is forbidden they last as long as the page. */
export class ContextWindows {
  readonly #key: string;
  #chosen: ReadonlyMap<string, unknown>;

  constructor({ databasePrefix, onChange, disposed }: ContextWindowsOptions) {
    this.#key = localKeyOf(KEY, databasePrefix, DEFAULT_PREFIX);
    this.#chosen = read(this.#key);
    const listen = ({ key }: StorageEvent): void => {
      if (key !== this.#key) return;
      this.#chosen = read(key);
      onChange();
    };
    addEventListener('storage', listen, { signal: disposed });
  }

  /** Tokens. What is no positive whole number was edited by hand; the fit keeps the others within its bounds. */
  of(modelId: string): number | undefined {
    const tokens = this.#chosen.get(modelId);
    return typeof tokens === 'number' && Number.isSafeInteger(tokens) && tokens > 0 ? tokens : undefined;
  }

  /** @param tokens undefined for what fits comfortably */
  choose(modelId: string, tokens: number | undefined): void {
    // With what another tab has written, which may not have been reported yet.
    this.#chosen = new Map([...this.#chosen, ...read(this.#key)]).set(modelId, tokens);
    writeLocalSetting(this.#key, Object.fromEntries(this.#chosen));
  }
}

function read(key: string): Map<string, unknown> {
  return new Map(Object.entries(Object(readLocalSetting(key))));
}
