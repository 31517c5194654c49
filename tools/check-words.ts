/** Lists words that this project no longer uses (tools/retired-words.ts); fails when there is any. */
import { fileURLToPath } from 'node:url';
import { findRetiredWords } from './retired-words.ts';

const words = findRetiredWords(fileURLToPath(new URL('..', import.meta.url)));
for (const { place, word, instead } of words) console.error(`${place} says "${word}": ${instead}`);
if (words.length > 0) console.error(`${words.length} retired words.`);
process.exitCode = words.length === 0 ? 0 : 1;
