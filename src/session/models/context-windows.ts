import { localKeyOf, readLocalSetting, writeLocalSetting } from '../../platform/local-setting.ts';

/** In localStorage: every fit and every load needs them at once, and other tabs hear of a change. */
const KEY = 'alcove-context-windows';

const DEFAULT_PREFIX = 'alcove';

/** Of models that are gone nobody removes the choice: the oldest goes. */
const MOST_CHOICES = 200;

export interface ContextWindowsOptions {
  readonly databasePrefix: string;
  /** Another tab has changed a choice. */
  readonly onChange: () => void;
  readonly disposed: AbortSignal;
}

/** The context windows that the user has chosen, in tokens, by model id. Where storage is forbidden they last as long as the page. */
export class ContextWindows {
  readonly #key: string;
  #chosen: ReadonlyMap<string, number>;

  constructor({ databasePrefix, onChange, disposed }: ContextWindowsOptions) {
    this.#key = localKeyOf(KEY, databasePrefix, DEFAULT_PREFIX);
    this.#chosen = read(this.#key);
    const listen = ({ key }: StorageEvent): void => {
      // Without a key everything was removed.
      if (key !== null && key !== this.#key) return;
      this.#chosen = read(this.#key);
      onChange();
    };
    addEventListener('storage', listen, { signal: disposed });
  }

  of(modelId: string): number | undefined {
    return this.#chosen.get(modelId);
  }

  /** @param tokens undefined for what fits comfortably */
  choose(modelId: string, tokens: number | undefined): void {
    // Read again: another tab may have written since.
    const stored = read(this.#key);
    const chosen = new Map(stored.size > 0 ? stored : this.#chosen);
    chosen.delete(modelId);
    if (tokens !== undefined) chosen.set(modelId, tokens);
    this.#chosen = new Map([...chosen].slice(-MOST_CHOICES));
    writeLocalSetting(this.#key, this.#chosen.size === 0 ? undefined : Object.fromEntries(this.#chosen));
  }
}

/** What is no positive whole number was edited by hand. The fit keeps the others within what a model and the device allow. */
function read(key: string): ReadonlyMap<string, number> {
  const stored = readLocalSetting(key);
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return new Map();
  return new Map(
    Object.entries(stored)
      .filter((entry): entry is [string, number] => Number.isSafeInteger(entry[1]) && entry[1] > 0)
      .slice(-MOST_CHOICES),
  );
}
