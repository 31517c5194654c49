import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * public/catalogue-pins.json: the hosts' answers when the catalogue was last refreshed. A file of its own, because each visit
 * loads the catalogue, but a pin is needed only to plan a download. Empty for what was never asked.
 */
export interface Pins {
  /** By repository. */
  readonly repos: Readonly<Record<string, RepoPin>>;
  /** web-llm's compiled libraries, by URL. */
  readonly libraries: Readonly<Record<string, { readonly sizeBytes: number; readonly sha256: string }>>;
}

export interface RepoPin {
  /** The commit. */
  readonly revision: string;
  /** By file pattern; `mlc` for the files that web-llm reads. */
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
