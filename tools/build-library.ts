/**
 * Writes lib/, the npm package: the element and its JavaScript API as ES modules with workers beside them, types, the
 * catalogue, and the custom-elements manifest.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { buildCatalogue } from './catalogue/build.ts';
import { catalogueText } from './catalogue/catalogue-json.ts';
import { PINS_FILE, readPins } from './catalogue/pins.ts';
import { assetName, BUILD_TARGET, WORKER_OPTIONS } from './vite-options.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LIB = new URL('../lib/', import.meta.url);
const ELEMENT_SOURCE = 'src/embed/alcove-chat-element.ts';

export async function buildLibrary(): Promise<void> {
  rmSync(LIB, { recursive: true, force: true });
  await buildModules();
  run('tsc', ['-p', 'src/tsconfig.library.json']);
  nameTypesAsModules();
  writeCatalogue();
  run('custom-elements-manifest', ['analyze', '--litelement', '--globs', ELEMENT_SOURCE, '--outdir', 'lib']);
  pointManifestAtModules();
}

/** The dependencies in package.json stay imports, so that the host's bundler has one copy of each. */
async function buildModules(): Promise<void> {
  const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const external = Object.keys(dependencies).map((name) => new RegExp(`^${name}(/|$)`));
  await build({
    configFile: false,
    root: ROOT,
    base: './',
    publicDir: false,
    define: { __ALCOVE_CATALOGUE_PATH__: JSON.stringify('./catalogue.json') },
    worker: WORKER_OPTIONS,
    build: {
      target: BUILD_TARGET,
      outDir: 'lib',
      minify: false,
      modulePreload: false,
      rolldownOptions: {
        input: { index: 'src/embed/index.ts', define: 'src/embed/define.ts', api: 'src/api/index.ts' },
        external,
        preserveEntrySignatures: 'strict',
        // All in one folder: the catalogue's URL is relative to the module that asks for it.
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: '[name]-[hash].js',
          assetFileNames: assetName,
        },
      },
    },
  });
}

/** tsc leaves `.ts` in the specifiers of declarations, which a host's compiler may refuse. */
function nameTypesAsModules(): void {
  const folder = new URL('types/', LIB);
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.d.ts')) continue;
    const file = new URL(name.replaceAll('\\', '/'), folder);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/(['"])(\.\.?\/[^'"\n]*)\.ts\1/g, '$1$2.js$1'));
  }
}

/** The toy is only in the site: its 7 MB do not belong into node_modules. */
function writeCatalogue(): void {
  const catalogue = buildCatalogue(readPins());
  const families = catalogue.families.filter(({ models }) => models.some(({ purpose }) => purpose !== 'toy'));
  writeFileSync(new URL('catalogue.json', LIB), catalogueText({ ...catalogue, families }));
  copyFileSync(PINS_FILE, new URL('catalogue-pins.json', LIB));
}

/** The analyzer names the TypeScript source; users of the package have the built modules. */
function pointManifestAtModules(): void {
  const file = new URL('custom-elements.json', LIB);
  const manifest = readFileSync(file, 'utf8').replaceAll(ELEMENT_SOURCE, 'lib/index.js');
  writeFileSync(file, manifest);
}

function run(command: string, args: readonly string[]): void {
  const { status } = spawnSync('npx', [command, ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`${command} failed.`);
}
