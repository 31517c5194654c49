import { copyFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Parcel } from '@parcel/core';
import resolveFromNodeModules from '@rollup/plugin-node-resolve';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import vue from '@vitejs/plugin-vue';
import { build as buildWithEsbuild } from 'esbuild';
import { rollup } from 'rollup';
import { build as buildWithVite } from 'vite';
import webpack from 'webpack';

const { resolve } = createRequire(import.meta.url);

/**
 * Builds an example in a project, as the bundler's first page of documentation does it. Those that have no example of their own
 * take Vite's.
 * @returns the folder with the page
 */
export type Bundler = (project: string) => Promise<string>;

export const BUNDLERS: Readonly<Record<string, Bundler>> = {
  vite: async (project) => {
    const output = join(project, 'dist-vite');
    await buildWithVite({
      root: join(project, 'vite'),
      configFile: false,
      logLevel: 'error',
      build: { outDir: output },
    });
    return output;
  },

  webpack: async (project) => {
    const context = join(project, 'webpack');
    const { default: config } = (await import(join(context, 'webpack.config.js'))) as {
      default: webpack.Configuration;
    };
    const compiler = webpack({ ...config, context, output: { ...config.output, path: join(context, 'dist') } });
    const stats = await new Promise<webpack.Stats | undefined>((done, fail) =>
      compiler.run((error, result) => (error === null ? done(result) : fail(error))),
    );
    const { errors, warnings } = stats?.toJson({ all: false, errors: true, warnings: true }) ?? {};
    const faults = [...(errors ?? []), ...(warnings ?? [])].map(({ message }) => message);
    if (faults.length > 0) throw new Error(faults.join('\n'));
    return context;
  },

  rollup: async (project) => {
    const output = await copyPage(project, 'dist-rollup');
    const bundle = await rollup({
      input: join(project, 'vite', 'main.js'),
      plugins: [resolveFromNodeModules()],
      onwarn: ({ message }) => {
        throw new Error(message);
      },
    });
    await bundle.write({ dir: output, format: 'es' });
    await bundle.close();
    return output;
  },

  esbuild: async (project) => {
    const output = await copyPage(project, 'dist-esbuild');
    const { warnings } = await buildWithEsbuild({
      absWorkingDir: join(project, 'vite'),
      entryPoints: ['main.js'],
      bundle: true,
      splitting: true,
      minify: true,
      format: 'esm',
      outdir: output,
      logLevel: 'silent',
    });
    if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join('\n'));
    return output;
  },

  parcel: async (project) => {
    const output = join(project, 'dist-parcel');
    await new Parcel({
      entries: join(project, 'vite', 'index.html'),
      defaultConfig: resolve('@parcel/config-default'),
      mode: 'production',
      shouldDisableCache: true,
      defaultTargetOptions: { distDir: output, publicUrl: './', sourceMaps: false },
    }).run();
    return output;
  },
};

/** React, Vue and Svelte in one build: a build of its own for each would take most of its time for the same engines. */
export async function buildFrameworks(project: string, names: readonly string[]): Promise<string> {
  const output = join(project, 'dist-frameworks');
  const isCustomElement = (tag: string): boolean => tag === 'alcove-chat';
  await buildWithVite({
    root: project,
    configFile: false,
    logLevel: 'error',
    base: './',
    plugins: [vue({ template: { compilerOptions: { isCustomElement } } }), svelte({ configFile: false })],
    build: { outDir: output, rolldownOptions: { input: names.map((name) => join(project, name, 'index.html')) } },
  });
  return output;
}

async function copyPage(project: string, name: string): Promise<string> {
  const output = join(project, name);
  await mkdir(output);
  await copyFile(join(project, 'vite', 'index.html'), join(output, 'index.html'));
  return output;
}
