/**
 * Makes the imports that src/platform/built-file-imports.d.ts describes. In the site they are URLs of files. In the npm package
 * they are text in modules of their own: every bundler takes a module along, while `new URL('…', import.meta.url)` is followed
 * by some only, and none bundles what such a file names itself.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gzipSync } from 'node:zlib';
import { transform } from 'esbuild';
import { build, type Plugin } from 'vite';
import { BUILD_TARGET, RESOLVE_OPTIONS } from './vite-options.ts';
import { withoutCustomSections } from './wasm-sections.ts';
import { watPlugin } from './wat-plugin.ts';

/** The ids end in `.js`, so that no other plugin takes the module for the file that it stands for. */
const ID = /^\0alcove-(worker|site-worker|file|text):(.+)\.js$/;
const IMPORT = /^(.+)\?(?:(worker|site-worker)-)?file$/;
const CATALOGUE = 'alcove:catalogue';

/** @param cataloguePath of catalogue.json, relative to the built scripts */
export function builtFileUrls(cataloguePath: string): Plugin {
  return plugin((kind, path) => {
    if (path === CATALOGUE) return `export default { url: new URL(${json(cataloguePath)}, import.meta.url).href };`;
    const query = kind !== 'file' ? '?worker&url' : '?url&no-inline';
    return `import url from ${json(path + query)};\nexport default { url: new URL(url, import.meta.url).href };`;
  });
}

/** @param catalogue the text of catalogue.json */
export function builtFileModules(catalogue: string): Plugin {
  return plugin(async (kind, path) => {
    if (kind === 'site-worker') return 'export default undefined;';
    if (kind !== 'text')
      return `export default { load: () => import(${json(idOf('text', path))}).then((file) => file.default) };`;
    return `export default ${json(await textOf(path, catalogue))};`;
  });
}

function plugin(load: (kind: string, path: string) => string | Promise<string>): Plugin {
  return {
    name: 'alcove-built-files',
    enforce: 'pre',
    async resolveId(id, importer) {
      if (ID.test(id)) return id;
      if (id === CATALOGUE) return idOf('file', CATALOGUE);
      const [, path, worker] = IMPORT.exec(id) ?? [];
      if (path === undefined) return undefined;
      const resolved = await this.resolve(path, importer, { skipSelf: true });
      return resolved === null ? null : idOf(worker ?? 'file', resolved.id);
    },
    load(id) {
      const [, kind = '', path = ''] = ID.exec(id) ?? [];
      return path === '' ? undefined : load(kind, path);
    },
  };
}

function idOf(kind: string, path: string): string {
  return `\0alcove-${kind}:${path}.js`;
}

/** The name of the chunk with a file's text, such as `webllm-worker`; undefined for other modules. */
export function textModuleName(id: string): string | undefined {
  const [, kind, path = ''] = ID.exec(id) ?? [];
  if (kind !== 'text') return undefined;
  if (path === CATALOGUE) return 'catalogue';
  if (path.endsWith('.woff2')) return 'katex-fonts';
  return path.includes('/wllama-compat/') ? 'wllama-compat' : basename(path).replace(/\.\w+$/, '');
}

async function textOf(path: string, catalogue: string): Promise<string> {
  if (path === CATALOGUE) return catalogue;
  if (path.endsWith('.ts')) return bundleScript(path, catalogue);
  const file = readFileSync(path);
  return gzipSync(path.endsWith('.wasm') ? withoutCustomSections(file) : file, { level: 9 }).toString('base64');
}

/**
 * A script in one piece, with the workers that it starts inside. An IIFE, so that it can stand in a block of another script.
 * All ASCII, because a browser keeps other text in memory at two bytes a character.
 */
async function bundleScript(entry: string, catalogue: string): Promise<string> {
  const outputs = await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    resolve: RESOLVE_OPTIONS,
    plugins: [watPlugin(), builtFileModules(catalogue)],
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      target: BUILD_TARGET,
      write: false,
      minify: false,
      lib: { entry, formats: ['iife'], name: 'script' },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  const [bundle] = Array.isArray(outputs) ? outputs : [];
  const [chunk, ...others] = bundle?.output ?? [];
  if (chunk?.type !== 'chunk' || others.length > 0) throw new Error(`${entry} is not built as one script.`);
  const { code } = await transform(chunk.code, {
    minify: true,
    charset: 'ascii',
    target: BUILD_TARGET,
    legalComments: 'none',
  });
  return code;
}

function json(value: string): string {
  return JSON.stringify(value);
}
