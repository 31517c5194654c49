/**
 * Serves the built site: `tsx tools/serve.ts [--port=4173] [--no-headers]`. Without headers it behaves as the simplest static
 * host, and the service worker must add the headers.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { listen, staticFiles } from './static-server.ts';

const root = fileURLToPath(new URL('../dist', import.meta.url));
if (!existsSync(root)) {
  console.error('There is no dist/ yet: run "npm run build" first.');
  process.exit(1);
}
const { values } = parseArgs({ options: { port: { type: 'string' }, 'no-headers': { type: 'boolean' } } });
const files = staticFiles(values['no-headers'] ? { root, headers: {} } : { root });
const { origin } = values.port === undefined ? await listenNear(4173) : await listen(files, Number(values.port));
console.log(`Alcove is at ${origin}/  (Ctrl+C ends it)`);

/** The default port, or a free one when it is taken. */
async function listenNear(port: number): ReturnType<typeof listen> {
  return listen(files, port).catch(() => listen(files));
}
