import { readdirSync } from 'node:fs';
import { defineConfig } from 'vite';
import { builtFileUrls } from '../tools/built-files-plugin.ts';
import { watPlugin } from '../tools/wat-plugin.ts';

/** Of the site that the bench serves beside its pages. */
const CATALOGUE_PATH = '/app/catalogue.json';

const folder = new URL('pages/', import.meta.url).pathname;

/** Builds each module of bench/pages into bench/results/pages/<name>.js. */
export default defineConfig({
  root: folder,
  base: './',
  publicDir: false,
  logLevel: 'error',
  build: {
    target: 'es2023',
    outDir: '../results/pages',
    emptyOutDir: true,
    modulePreload: false,
    rollupOptions: {
      input: readdirSync(folder)
        .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
        .map((name) => `${folder}${name}`),
      output: { entryFileNames: '[name].js' },
      preserveEntrySignatures: false,
    },
  },
  plugins: [watPlugin(), builtFileUrls(CATALOGUE_PATH)],
  worker: { format: 'es', plugins: () => [watPlugin(), builtFileUrls(CATALOGUE_PATH)] },
});
