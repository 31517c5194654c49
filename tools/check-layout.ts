/** Lists what breaks the layout of src (tools/layout.ts); fails when there is any. */
import { fileURLToPath } from 'node:url';
import { findLayoutFaults } from './layout.ts';

const faults = findLayoutFaults(fileURLToPath(new URL('..', import.meta.url)));
for (const { file, reason } of faults) console.error(`src/${file} ${reason}`);
process.exitCode = faults.length === 0 ? 0 : 1;
