/**
 * Writes public/catalogue.json: the toy, all of web-llm's records, the GGUFs and the models for servers of families-*.ts.
 *
 * - `npm run catalogue`: asks Hugging Face for revisions, sizes and hashes first, and keeps them in
 *   public/catalogue-pins.json. Without a network it says so and uses the existing pins.
 * - `npm run catalogue -- --offline`: asks no host.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildCatalogue } from './build.ts';
import { catalogueText } from './catalogue-json.ts';
import { readPins, writePins } from './pins.ts';
import { refreshPins } from './refresh.ts';

export const CATALOGUE_FILE = fileURLToPath(new URL('../../public/catalogue.json', import.meta.url));

export function shippedText(): string {
  return catalogueText(buildCatalogue(readPins()));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!process.argv.includes('--offline')) {
    const { pins, problems } = await refreshPins(buildCatalogue(readPins()), readPins(), { log: console.log });
    for (const problem of problems) console.error(`Not pinned: ${problem}`);
    writePins(pins);
  }
  writeFileSync(CATALOGUE_FILE, shippedText());
}
