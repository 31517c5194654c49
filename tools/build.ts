/** Writes dist/, the site, and lib/, the npm package. */
import { copyFileSync } from 'node:fs';
import { build } from 'vite';
import { buildLibrary } from './build-library.ts';

await build();
for (const paper of ['LICENSE', 'THIRD-PARTY-NOTICES.md']) copyFileSync(paper, `dist/${paper}`);
await buildLibrary();
