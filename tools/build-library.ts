/**
 * Writes lib/, the npm package: the element and its JavaScript API as ES modules, types, the catalogue, and the custom-elements
 * manifest. docs/decisions/2026-11-30-a-package-of-modules.md says why it holds nothing but modules.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';
import { build, type Rolldown } from 'vite';
import type { HuggingFaceSource } from '../src/models/model-record.ts';
import { builtFileModules, textModuleName } from './built-files-plugin.ts';
import { buildCatalogue } from './catalogue/build.ts';
import { type Pins, readPins } from './catalogue/pins.ts';
import { cdnEntry } from './cdn-entry.ts';
import { cssPlugin } from './css-plugin.ts';
import { htmlPlugin } from './html-plugin.ts';
import { iconPlugin } from './icon-plugin.ts';
import { tidyTypes } from './library-types.ts';
import { BUILD_TARGET, modules } from './vite-options.ts';
import { watPlugin } from './wat-plugin.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LIB = new URL('../lib/', import.meta.url);
const ENTRIES = {
  index: 'src/embed/index.ts',
  define: 'src/embed/define.ts',
  api: 'src/api/index.ts',
  'prompt-api': 'src/api/prompt-api/prompt-api.ts',
  react: 'src/embed/frameworks/react.ts',
};
/** The tag in the templates of a framework: types alone. */
const FRAMEWORK_TYPES = ['react', 'preact', 'solid', 'vue', 'svelte'].map(
  (name) => `src/embed/frameworks/${name}-types.ts`,
);
/** A few hundred bytes each, which several parts share and which import nothing: one file in place of many. */
const SMALL_MODULES = {
  name: 'small',
  test: modules([
    'chat/prompt/token-estimate',
    'engine/prompt-text',
    'models/backend',
    'models/catalogue/server-host',
    'platform/data-url',
    'platform/wasm-build',
    'platform/hear-tabs',
    'platform/hex',
    'platform/local-setting',
    'platform/storage-access',
    'platform/tab-channel',
    'platform/untrusted-json',
    'platform/when-idle',
  ]),
};
const TYPE_ENTRIES = [...Object.values(ENTRIES), ...FRAMEWORK_TYPES].map((source) =>
  source.replace('src/', '').replace('.ts', '.d.ts'),
);
const REACT_SERVER_SOURCE = 'src/embed/frameworks/react-server.ts';
const ELEMENT_SOURCE = 'src/embed/alcove-chat-element.ts';

export async function buildLibrary(): Promise<void> {
  rmSync(LIB, { recursive: true, force: true });
  writeServerModules(await buildModules(packagedCatalogue()));
  writeReactForServers();
  run('tsc', ['-p', 'src/tsconfig.library.json']);
  tidyTypes(fileURLToPath(new URL('types/', LIB)), TYPE_ENTRIES);
  run('custom-elements-manifest', ['analyze', '--litelement', '--globs', ELEMENT_SOURCE, '--outdir', 'lib']);
  tidyManifest();
  writeEditorData();
  writeIntegrity();
}

/** Everything is inside, dependencies too: the files work as they are from a CDN, and a host needs no version of ours. */
async function buildModules(catalogue: string): Promise<readonly Rolldown.OutputChunk[]> {
  const built = await build({
    configFile: false,
    root: ROOT,
    publicDir: false,
    plugins: [watPlugin(), cssPlugin(), htmlPlugin(), iconPlugin(), builtFileModules(catalogue)],
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      target: BUILD_TARGET,
      outDir: 'lib',
      lib: { entry: ENTRIES, formats: ['es'] },
      rolldownOptions: {
        // Of the frameworks' modules only alcove-chat/react needs one, the host's.
        external: ['react'],
        preserveEntrySignatures: 'strict',
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: '[name]-[hash].js',
          minify: true,
          codeSplitting: { groups: [{ name: (id) => textModuleName(id) ?? null }, SMALL_MODULES] },
        },
      },
    },
  });
  const [bundle] = Array.isArray(built) ? built : [];
  return (bundle?.output ?? []).flatMap((output) => (output.type === 'chunk' ? output : []));
}

const BROWSER_ONLY = `/** For servers: everything throws when it is used. */
const browserOnly = (name) =>
  function () {
    throw new Error('alcove-chat: ' + name + ' needs a browser. Use it in code that runs in the page only.');
  };
`;

/**
 * For each entry a module with the same names for servers, where frameworks import components to render a page: it can be
 * imported, and throws only when something of it is used.
 */
function writeServerModules(chunks: readonly Rolldown.OutputChunk[]): void {
  mkdirSync(new URL('server/', LIB));
  for (const { fileName, exports } of chunks.filter(({ isEntry, name }) => isEntry && name !== 'react')) {
    const lines = exports.map((name) => `export const ${name} = /* @__PURE__ */ browserOnly('${name}');\n`);
    const text = BROWSER_ONLY + lines.join('');
    writeFileSync(new URL(`server/${fileName}`, LIB), text);
  }
}

/** React renders components on servers: there it is the bare tag. */
function writeReactForServers(): void {
  const source = readFileSync(new URL(`../${REACT_SERVER_SOURCE}`, import.meta.url), 'utf8');
  writeFileSync(new URL('server/react.js', LIB), transformSync(source, { loader: 'ts', target: BUILD_TARGET }).code);
  // What a bundler may import in place of the types.
  writeFileSync(new URL('types-only.js', LIB), 'export {};\n');
}

/**
 * The text of catalogue.json without the toy, whose 7 MB do not belong into node_modules, and with the pins inside, since the
 * package has no address that a second file could be fetched from.
 */
function packagedCatalogue(): string {
  const pins = readPins();
  const { version, licences, families } = buildCatalogue(pins);
  const kept = families
    .map(({ models, ...family }) => ({ ...family, models: models.filter(({ purpose }) => purpose !== 'toy') }))
    .filter(({ models }) => models.length > 0);
  return JSON.stringify({ version, licences, families: kept }, (_, value) =>
    isRepository(value) ? pinned(value, pins) : value,
  );
}

function isRepository(value: unknown): value is HuggingFaceSource {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'huggingface';
}

/** As src/download/pinned-revisions.ts does it for a catalogue that names its pins. */
function pinned({ ...source }: HuggingFaceSource, { repos, libraries }: Pins): HuggingFaceSource {
  const repo = repos[source.repo];
  const listing = repo?.listings[source.files ?? 'mlc'];
  return {
    ...(listing !== undefined && { listingSha256: listing.sha256 }),
    ...source,
    ...(repo !== undefined && source.revision === 'main' && { revision: repo.revision }),
    ...(source.library !== undefined && { library: { ...libraries[source.library.url], ...source.library } }),
  };
}

/**
 * The analyzer names the TypeScript source; users of the package have the built modules. It also takes an event that a variable
 * holds for one with the variable's name.
 */
function tidyManifest(): void {
  const file = new URL('custom-elements.json', LIB);
  const manifest = JSON.parse(readFileSync(file, 'utf8').replaceAll(ELEMENT_SOURCE, 'lib/index.js')) as Manifest;
  for (const declaration of manifest.modules.flatMap(({ declarations }) => declarations)) {
    const { events = [] } = declaration;
    declaration.events = events.filter(({ name }) => name.startsWith('alcove-'));
  }
  writeFileSync(file, JSON.stringify(manifest, undefined, 2));
}

/** What VS Code and other editors read to complete the tag: https://github.com/microsoft/vscode-custom-data */
function writeEditorData(): void {
  const { modules } = JSON.parse(readFileSync(new URL('custom-elements.json', LIB), 'utf8')) as Manifest;
  const elements = modules.flatMap(({ declarations }) => declarations).filter(({ tagName }) => tagName !== undefined);
  const tags = elements.map(({ tagName, description, attributes = [] }) => ({
    name: tagName,
    description,
    attributes: attributes.map((attribute) => ({
      name: attribute.name,
      description: attribute.description,
      ...(/^boolean/.test(attribute.type?.text ?? '') && { valueSet: 'v' }),
      values: [...(attribute.type?.text ?? '').matchAll(/'([^']+)'/g)].map(([, name]) => ({ name })),
    })),
  }));
  writeFileSync(new URL('html-custom-data.json', LIB), JSON.stringify({ version: 1.1, tags }, undefined, 2));
}

interface Manifest {
  readonly modules: readonly { readonly declarations: readonly ManifestElement[] }[];
}

interface ManifestElement {
  readonly tagName?: string;
  readonly description?: string;
  events?: readonly { readonly name: string }[];
  readonly attributes?: readonly {
    readonly name: string;
    readonly description?: string;
    readonly type?: { readonly text: string };
  }[];
}

/**
 * The entry for CDNs, and SHA-384 of each module, for the `integrity` of a script and of an import map. The entry has shorter
 * hashes: all pages that use it load them.
 */
function writeIntegrity(): void {
  writeFileSync(new URL('cdn.js', LIB), cdnEntry(moduleHashes('sha256')));
  writeFileSync(new URL('integrity.json', LIB), JSON.stringify(moduleHashes('sha384'), undefined, 2));
}

function moduleHashes(algorithm: 'sha256' | 'sha384'): Record<string, string> {
  const names = readdirSync(LIB).filter((name) => name.endsWith('.js'));
  const hashes = names.map((name) => {
    const hash = createHash(algorithm).update(readFileSync(new URL(name, LIB)));
    return [`./${name}`, `${algorithm}-${hash.digest('base64')}`];
  });
  return Object.fromEntries(hashes);
}

function run(command: string, args: readonly string[]): void {
  const { status } = spawnSync('npx', [command, ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`${command} failed.`);
}

if (process.argv[1]?.endsWith('build-library.ts')) await buildLibrary();
