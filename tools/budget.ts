/**
 * Fails when what a page loads at the start is too large: the gzipped JavaScript of the site and of `<alcove-chat>`, without any
 * engine; or when the npm package is. Reads Vite's manifest of the built site, and packs the package.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/**
 * Of the packed file, most of which the engines are: llama.cpp 2.8 MB, its build for browsers without 64-bit memories (Safari)
 * 4.8 MB, web-llm 2.2 MB. And how many files it may hold: a module for each part that is loaded by itself (so that what is seldom needed
 * is seldom loaded), the types, and the pictures of the guide (0.3 MB).
 */
export const PACKAGE_BUDGET = { bytes: 12_000_000, files: 410 };
/** Names that only an engine's code contains. */
const ENGINE_CODE = /MLCEngine|tvmjs|wllama\.action/;

/** What runs engines: see CHUNK_GROUPS in vite-options.ts. */
const ENGINES = /^assets\/engines-/;

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

interface Budget {
  readonly what: string;
  readonly limitBytes: number;
  readonly files: readonly string[];
}

function budgets(manifest: Readonly<Record<string, ManifestChunk>>): readonly Budget[] {
  const html = readFileSync(new URL('index.html', DIST), 'utf8');
  const load = (...entries: readonly string[]): string[] => [
    ...new Set(entries.flatMap((entry) => staticFilesOf(entry, manifest))),
  ];
  return [
    {
      what: 'the site before it takes text',
      limitBytes: 60_000,
      files: [...plainScriptsOf(html), ...load('index.html')],
    },
    {
      what: 'the element before it is used',
      limitBytes: 25_000,
      files: ['embed/alcove-chat.js', ...load('src/embed/define.ts')],
    },
    {
      what: 'the element open and usable',
      limitBytes: 90_000,
      // With what a session loads at its start.
      files: load(
        'src/embed/define.ts',
        'src/embed/embedded-chat.ts',
        'src/embed/session-events.ts',
        'src/session/generation/controller-and-preferences.ts',
      ).filter((file) => !ENGINES.test(file)),
    },
  ];
}

/** @returns whether the budget is kept */
function report({ what, limitBytes, files }: Budget): boolean {
  let totalBytes = 0;
  let isWithin = true;
  for (const file of files) {
    const code = readFileSync(new URL(file, DIST));
    const gzippedBytes = gzipSync(code, { level: 9 }).byteLength;
    totalBytes += gzippedBytes;
    console.log(`${String(gzippedBytes).padStart(9)}  ${file}`);
    if (!ENGINE_CODE.test(code.toString('utf8'))) continue;
    console.error(`An engine is in ${file}: import it where it is first needed.`);
    isWithin = false;
  }
  console.log(`${String(totalBytes).padStart(9)}  bytes gzipped of ${limitBytes}: ${what}\n`);
  if (totalBytes <= limitBytes) return isWithin;
  console.error(`Too large: ${what}. Import what the first view does not need when it is needed.`);
  return false;
}

function main(): void {
  const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', DIST), 'utf8'));
  const areWithin = [...budgets(manifest).map(report), isPackageWithinBudget()];
  if (!areWithin.every(Boolean)) process.exitCode = 1;
}

function isPackageWithinBudget(): boolean {
  const packing = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const stdout = execFileSync('npm', packing, { encoding: 'utf8', shell: process.platform === 'win32' });
  const [{ size, files }] = JSON.parse(stdout) as [{ size: number; files: readonly unknown[] }];
  console.log(
    `${String(size).padStart(9)}  bytes of the npm package of ${PACKAGE_BUDGET.bytes}, ${files.length} files`,
  );
  if (size <= PACKAGE_BUDGET.bytes && files.length <= PACKAGE_BUDGET.files) return true;
  console.error('The npm package is too large: see "files" in package.json, and what lib/ holds.');
  return false;
}

if (process.argv[1]?.endsWith('budget.ts')) main();
