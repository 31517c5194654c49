/**
 * Fails when the page's entry is too large: the gzipped JavaScript that index.html loads at the start, without any engine.
 * Reads Vite's manifest of the built site.
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** The limit of a page that takes text. */
const BUDGET_BYTES = 60_000;
/** Names that only an engine's code contains. */
const ENGINE_CODE = /MLCEngine|tvmjs|wllama\.action/;

interface ManifestChunk {
  readonly file: string;
  readonly imports?: readonly string[];
}

const DIST = new URL('../dist/', import.meta.url);

export function staticFilesOf(entry: string, manifest: Readonly<Record<string, ManifestChunk>>): string[] {
  const seen = new Set<string>();
  const files: string[] = [];
  const visit = (key: string): void => {
    const chunk = manifest[key];
    if (chunk === undefined) throw new Error(`The manifest has no ${key}.`);
    if (seen.has(key)) return;
    seen.add(key);
    files.push(chunk.file);
    chunk.imports?.forEach(visit);
  };
  visit(entry);
  return files;
}

/** Scripts that index.html names and Vite leaves alone, such as the one that sets the theme before the first paint. */
export function plainScriptsOf(html: string): string[] {
  const scripts = html.replace(/<!--[\s\S]*?-->/g, '').matchAll(/<script\b([^>]*)>/g);
  return [...scripts].flatMap(([, attributes = '']) => {
    const src = /\bsrc="([^"]+)"/.exec(attributes)?.[1];
    return src === undefined || attributes.includes('type="module"') ? [] : [src];
  });
}

function main(): void {
  const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', DIST), 'utf8'));
  let totalBytes = 0;
  let withinBudget = true;
  const html = readFileSync(new URL('index.html', DIST), 'utf8');
  for (const file of [...plainScriptsOf(html), ...staticFilesOf('index.html', manifest)]) {
    const code = readFileSync(new URL(file, DIST));
    const gzippedBytes = gzipSync(code, { level: 9 }).byteLength;
    totalBytes += gzippedBytes;
    console.log(`${String(gzippedBytes).padStart(9)}  ${file}`);
    if (ENGINE_CODE.test(code.toString('utf8'))) {
      console.error(`An engine is in ${file}: import it where it is first needed.`);
      withinBudget = false;
    }
  }
  console.log(`${String(totalBytes).padStart(9)}  bytes gzipped of ${BUDGET_BYTES}`);
  if (totalBytes > BUDGET_BYTES) {
    console.error('The entry is too large: import what the first view does not need when it is needed.');
    withinBudget = false;
  }
  if (!withinBudget) process.exitCode = 1;
}

if (process.argv[1]?.endsWith('budget.ts')) main();
