import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

// Tests lib/, the npm package, which `npm run build` must have written.
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { exports: entries, dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  exports: Record<string, string | { types: string; default: string }>;
  dependencies: Record<string, string>;
};
const host = mkdtempSync(join(tmpdir(), 'alcove-host-'));

beforeAll(() => {
  if (!existsSync(join(ROOT, 'lib'))) throw new Error('There is no lib/: run "npm run build" first.');
  mkdirSync(join(host, 'node_modules'));
  symlinkSync(ROOT, join(host, 'node_modules', 'alcove-chat'));
});

afterAll(() => rmSync(host, { recursive: true }));

it.each(Object.keys(entries))('has the files that its export "%s" names', (name) => {
  const entry = entries[name];
  const files = typeof entry === 'string' ? [entry] : Object.values(entry ?? {});
  expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

it('imports only its own files and its dependencies', () => {
  const modules = readdirSync(join(ROOT, 'lib')).filter((name) => name.endsWith('.js'));
  const specifiers = modules.flatMap((name) => {
    const code = readFileSync(join(ROOT, 'lib', name), 'utf8');
    return [...code.matchAll(/^(?:import|export)\b[^;]*?\bfrom "([^"]+)";|\bimport\("([^"]+)"\)/gm)];
  });
  const names = [...new Set(specifiers.map((match) => match[1] ?? match[2] ?? ''))];
  expect(names).toContain('lit');
  for (const name of names) {
    if (name.startsWith('.')) expect(existsSync(join(ROOT, 'lib', name)), name).toBe(true);
    else expect(Object.keys(dependencies), name).toContain(packageOf(name));
  }
});

it('brings the workers and the catalogue that its modules point at', () => {
  const code = readdirSync(join(ROOT, 'lib'))
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(ROOT, 'lib', name), 'utf8'))
    .join('\n');
  const files = [...code.matchAll(/new URL\("([^"]+)", import\.meta\.url\)/g)].map((match) => match[1] ?? '');
  expect(files).toContain('./catalogue.json');
  expect(files.some((file) => file.includes('webllm-worker'))).toBe(true);
  expect(files.filter((file) => !existsSync(join(ROOT, 'lib', file)))).toEqual([]);
});

it('describes the element: its attributes, its event, and where its class is', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'lib', 'custom-elements.json'), 'utf8'));
  const [module] = manifest.modules;
  expect(module.path).toBe('lib/index.js');
  const [element] = module.declarations;
  expect(element.attributes.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(['model', 'catalogue', 'context-selector', 'auto-load']),
  );
  expect(element.events.map(({ name }: { name: string }) => name)).toContain('alcove-download-consent');
  expect(element.cssParts.length).toBeGreaterThan(5);
});

it('has types that a strict host compiles against', () => {
  writeFileSync(
    join(host, 'host.ts'),
    `import { AlcoveError, type DownloadConsentEvent, type ModelRecord, Session } from 'alcove-chat';
import 'alcove-chat/define';
const chat = document.createElement('alcove-chat');
chat.model = 'toy-q0f32-MLC';
chat.session = new Session({ catalogueUrl: 'https://host.example/catalogue.json' });
chat.addEventListener('alcove-download-consent', (event) => {
  const asked: DownloadConsentEvent = event;
  const record: ModelRecord = asked.model;
  if (record.licence.name === 'MIT') asked.allow();
  // @ts-expect-error there is no such member
  asked.refuse();
});
export const isKnown = (error: unknown): boolean => AlcoveError.isInstance(error) && error.code === 'quota-exceeded';
`,
  );
  const compilerOptions = {
    target: 'ES2022',
    module: 'ESNext',
    moduleResolution: 'bundler',
    lib: ['ES2022', 'DOM', 'DOM.Iterable'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: false,
    types: [],
  };
  writeFileSync(join(host, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['host.ts'] }));
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', host], { encoding: 'utf8' });
  expect(stdout).toBe('');
});
