import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Parcel } from '@parcel/core';
import resolveFromNodeModules from '@rollup/plugin-node-resolve';
import { build as buildWithEsbuild } from 'esbuild';
import { rollup } from 'rollup';
import { build as buildWithVite } from 'vite';
import webpack from 'webpack';

const { resolve } = createRequire(import.meta.url);

/** The page that the bundlers build, or that loads what they built. */
const HTML = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>Host</title></head>
  <body><script type="module" src="./main.js"></script></body>
</html>
`;

/** Builds main.js of a project into a folder of it, as the bundler's first page of documentation does it. */
export type Bundler = (project: string, output: string) => Promise<void>;

export const BUNDLERS: Readonly<Record<string, Bundler>> = {
  vite: async (project, output) => {
    await writeFile(join(project, 'index.html'), HTML);
    await buildWithVite({ root: project, configFile: false, logLevel: 'warn', build: { outDir: output } });
  },

  webpack: async (project, output) => {
    await writePage(output);
    const compiler = webpack({
      mode: 'production',
      context: project,
      entry: './main.js',
      output: { path: output, filename: 'main.js' },
      performance: false,
      // Terser takes half a minute for 19 MB.
      optimization: { minimize: false },
    });
    const stats = await new Promise<webpack.Stats | undefined>((done, fail) =>
      compiler.run((error, result) => (error === null ? done(result) : fail(error))),
    );
    const { errors, warnings } = stats?.toJson({ all: false, errors: true, warnings: true }) ?? {};
    const faults = [...(errors ?? []), ...(warnings ?? [])].map(({ message }) => message);
    if (faults.length > 0) throw new Error(faults.join('\n'));
  },

  rollup: async (project, output) => {
    await writePage(output);
    const bundle = await rollup({
      input: join(project, 'main.js'),
      plugins: [resolveFromNodeModules()],
      onwarn: ({ message }) => {
        throw new Error(message);
      },
    });
    await bundle.write({ dir: output, format: 'es' });
    await bundle.close();
  },

  esbuild: async (project, output) => {
    await writePage(output);
    const { warnings } = await buildWithEsbuild({
      absWorkingDir: project,
      entryPoints: ['main.js'],
      bundle: true,
      splitting: true,
      minify: true,
      format: 'esm',
      outdir: output,
      logLevel: 'silent',
    });
    if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join('\n'));
  },

  parcel: async (project, output) => {
    await writeFile(join(project, 'index.html'), HTML);
    await new Parcel({
      entries: join(project, 'index.html'),
      defaultConfig: resolve('@parcel/config-default'),
      mode: 'production',
      shouldDisableCache: true,
      defaultTargetOptions: { distDir: output, publicUrl: './', sourceMaps: false },
    }).run();
  },
};

async function writePage(output: string): Promise<void> {
  await mkdir(output, { recursive: true });
  await writeFile(join(output, 'index.html'), HTML);
}
