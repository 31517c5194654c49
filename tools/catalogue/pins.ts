import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * public/catalogue-pins.json: what the hosts said when the catalogue was last refreshed. Apart from the catalogue, which is
 * on everyone's first screen: a pin is needed when its download is planned. Empty for what was never asked.
 */
export interface Pins {
  /** By repository. */
  readonly repos: Readonly<Record<string, RepoPin>>;
  /** web-llm's compiled libraries, by address. */
  readonly libraries: Readonly<Record<string, { readonly sizeBytes: number; readonly sha256: string }>>;
}

export interface RepoPin {
  /** The commit. */
  readonly revision: string;
  /** By pattern of files; `mlc` for what web-llm reads. */
  readonly listings: Readonly<Record<string, { readonly sizeBytes: number; readonly sha256: string }>>;
}

export const PINS_FILE = fileURLToPath(new URL('../../public/catalogue-pins.json', import.meta.url));

export function readPins(file = PINS_FILE): Pins {
  return JSON.parse(readFileSync(file, 'utf8')) as Pins;
}

export function writePins(pins: Pins, file = PINS_FILE): void {
  const sorted = { repos: sortKeys(pins.repos), libraries: sortKeys(pins.libraries) };
  writeFileSync(file, `${JSON.stringify(sorted, undefined, 2)}\n`);
}

function sortKeys<T>(members: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1)));
}
