import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
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
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { parseAst } from 'rollup/parseAst';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PACKAGE_BUDGET } from './budget.ts';

// Tests lib/, the npm package, which `npm run build` must have written.
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { exports: entries } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  exports: Record<string, string | { types: string; default: string }>;
};
/** A limit for hanging tests, not for slow ones. */
const LIMIT_MS = 60_000;
const host = mkdtempSync(join(tmpdir(), 'alcove-host-'));

interface Packed {
  readonly filename: string;
  /** Bytes of the packed file. */
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

let packed = '';
let packedBytes = 0;
let packedFiles: readonly string[] = [];

beforeAll(() => {
  if (!existsSync(join(ROOT, 'lib'))) throw new Error('There is no lib/: run "npm run build" first.');
  mkdirSync(join(host, 'node_modules'));
  symlinkSync(ROOT, join(host, 'node_modules', 'alcove-chat'));
  const packing = ['pack', '--json', '--ignore-scripts', '--pack-destination', host];
  const { stdout } = spawnSync('npm', packing, { cwd: ROOT, encoding: 'utf8', shell: process.platform === 'win32' });
  const [pack] = JSON.parse(stdout) as readonly Packed[];
  packed = pack?.filename ?? '';
  packedBytes = pack?.size ?? 0;
  packedFiles = pack?.files.map(({ path }) => path) ?? [];
}, LIMIT_MS);

afterAll(() => rmSync(host, { recursive: true }));

it.each(Object.keys(entries))('has the files that its export "%s" names', (name) => {
  const entry = entries[name];
  const files = typeof entry === 'string' ? [entry] : Object.values(entry ?? {});
  expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});

it('consists of modules that import each other and name no other file', { timeout: LIMIT_MS }, () => {
  const modules = readdirSync(join(ROOT, 'lib')).filter((name) => name.endsWith('.js'));
  for (const name of modules) {
    const nodes = nodesOf(parseAst(readFileSync(join(ROOT, 'lib', name), 'utf8')));
    const imported = nodes.flatMap(({ type, source }) => (/^(Import|Export)/.test(type) ? (source?.value ?? []) : []));
    expect(
      imported.filter((specifier) => !modules.includes(specifier.replace('./', ''))),
      name,
    ).toEqual(name === 'react.js' ? ['react'] : []);
    // The entry for CDNs finds the others beside it.
    if (name === 'cdn.js') continue;
    expect(
      nodes.filter(({ type }) => type === 'MetaProperty'),
      name,
    ).toEqual([]);
  }
  expect(modules.some((name) => name.startsWith('webllm-worker'))).toBe(true);
});

interface SyntaxNode {
  readonly type: string;
  readonly source?: { readonly value?: string };
  readonly exported?: { readonly name?: string };
}

/** Of a syntax tree, the node itself and all nodes inside it. */
function nodesOf(node: object, found: SyntaxNode[] = []): SyntaxNode[] {
  if ('type' in node) found.push(node as SyntaxNode);
  for (const value of Object.values(node)) if (typeof value === 'object' && value !== null) nodesOf(value, found);
  return found;
}

it.each(['alcove-chat', 'alcove-chat/define', 'alcove-chat/api'])(
  'can import %s in Node, with the names that it has in browsers, which throw when they are used',
  async (specifier) => {
    const code = `const names = Object.entries(await import('${specifier}'));
      const thrown = names.map(([name, value]) => { try { new value(); } catch ({ message }) { return message; } });
      console.log(JSON.stringify([names.map(([name]) => name), thrown]));`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
      cwd: host,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    const [names, thrown] = JSON.parse(stdout) as [string[], string[]];
    const entry = entries[specifier.replace('alcove-chat', '.')];
    const file = typeof entry === 'object' ? entry.default : '';
    const nodes = nodesOf(parseAst(readFileSync(join(ROOT, file), 'utf8')));
    const exported = nodes.flatMap((node) => (node.type === 'ExportSpecifier' ? (node.exported?.name ?? []) : []));
    expect(names).toEqual(exported.toSorted());
    expect(thrown).toEqual(names.map((name) => expect.stringContaining(`${name} needs a browser`)));
  },
);

it('is the bare tag where React renders on a server', () => {
  symlinkSync(join(ROOT, 'node_modules', 'react'), join(host, 'node_modules', 'react'));
  symlinkSync(join(ROOT, 'node_modules', 'react-dom'), join(host, 'node_modules', 'react-dom'));
  const code = `import { AlcoveChat } from 'alcove-chat/react';
    import { createElement } from 'react';
    import { renderToString } from 'react-dom/server';
    const props = { model: 'a', models: ['a'], className: 'help', 'aria-label': 'Help', onAlcoveMessage() {} };
    console.log(renderToString(createElement(AlcoveChat, props, createElement('p', { slot: 'welcome' }, 'Hello'))));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: host,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(stdout.trim()).toBe('<alcove-chat aria-label="Help" class="help"><p slot="welcome">Hello</p></alcove-chat>');
  // Next bundles the component for the browser also where it is named in a server component.
  for (const file of ['react.js', 'server/react.js'])
    expect(readFileSync(join(ROOT, 'lib', file), 'utf8').startsWith('"use client";'), file).toBe(true);
});

it('lists the hash of each module, and completes the tag in editors', () => {
  const integrity = JSON.parse(readFileSync(join(ROOT, 'lib', 'integrity.json'), 'utf8')) as Record<string, string>;
  const modules = readdirSync(join(ROOT, 'lib')).filter((name) => name.endsWith('.js'));
  expect(Object.keys(integrity).toSorted()).toEqual(modules.map((name) => `./${name}`).toSorted());
  const hashOf = (algorithm: string, name: string): string => {
    const hash = createHash(algorithm).update(readFileSync(join(ROOT, 'lib', name)));
    return `${algorithm}-${hash.digest('base64')}`;
  };
  expect(integrity['./define.js']).toBe(hashOf('sha384', 'define.js'));
  expect(integrity['./cdn.js']).toBe(hashOf('sha384', 'cdn.js'));
  const cdn = readFileSync(join(ROOT, 'lib', 'cdn.js'), 'utf8');
  for (const name of modules.filter((module) => module !== 'cdn.js'))
    expect(cdn).toContain(`${JSON.stringify(`./${name}`)}:${JSON.stringify(hashOf('sha256', name))}`);
  const { tags } = JSON.parse(readFileSync(join(ROOT, 'lib', 'html-custom-data.json'), 'utf8'));
  expect(tags).toMatchObject([{ name: 'alcove-chat', description: expect.any(String) }]);
  const layout = tags[0].attributes.find(({ name }: { name: string }) => name === 'layout');
  expect(layout.values).toEqual([{ name: 'full' }, { name: 'panel' }, { name: 'bubble' }]);
});

it('is correct for publint, and for “Are the types wrong?” as a package of ES modules', {
  timeout: LIMIT_MS,
}, async () => {
  const tarball = new Uint8Array(readFileSync(join(host, packed)));
  const { messages } = await publint({ strict: true, pack: { tarball: tarball.buffer } });
  expect(messages).toEqual([]);
  const options = { excludeEntrypoints: Object.keys(entries).filter((name) => name.endsWith('.json')) };
  const checked = await checkPackage(createPackageFromTarballData(tarball), options);
  const problems = 'problems' in checked ? checked.problems : [checked];
  // `require` and TypeScript's resolution of 2015, which knows no exports, are not supported.
  const relevant = problems.filter(
    (problem) => !('resolutionKind' in problem) || !/node10|-cjs/.test(problem.resolutionKind),
  );
  expect(relevant).toEqual([]);
});

it('stays within its budget', () => {
  expect(packedBytes).toBeGreaterThan(5_000_000);
  expect(packedBytes).toBeLessThanOrEqual(PACKAGE_BUDGET.bytes);
  expect(packedFiles.length).toBeLessThanOrEqual(PACKAGE_BUDGET.files);
});

it('has all that its README and its guide link to', () => {
  const links = ['README.md', 'docs/embedding.md'].flatMap((paper) =>
    [...readFileSync(join(ROOT, paper), 'utf8').matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, link = '']) =>
      posix.join(posix.dirname(paper), link),
    ),
  );
  expect(links).toContain('docs/embedding.md');
  expect(links.filter((link) => !packedFiles.some((file) => file === link || file.startsWith(link)))).toEqual([]);
});

it('describes the element: its attributes, its event, and where its class is', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'lib', 'custom-elements.json'), 'utf8'));
  const [module] = manifest.modules;
  expect(module.path).toBe('lib/index.js');
  const [element] = module.declarations;
  expect(element.attributes.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(['model', 'catalogue', 'context-selector', 'auto-load']),
  );
  const events: string[] = element.events.map(({ name }: { name: string }) => name);
  expect(events).toContain('alcove-download-consent');
  expect(events.filter((name) => !name.startsWith('alcove-'))).toEqual([]);
  expect(element.cssParts.length).toBeGreaterThan(5);
});

it('has types that a strict host compiles against', { timeout: LIMIT_MS }, () => {
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
