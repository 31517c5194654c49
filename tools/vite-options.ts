/** What the site's build (vite.config.ts) and the library's (build-library.ts) have in common. */
import type { Plugin, UserConfig } from 'vite';
import { watPlugin } from './wat-plugin.ts';

/** Every browser with WebGPU knows these. */
export const BUILD_TARGET = 'es2023';

/**
 * One file a worker: a worker from another origin starts from a Blob, and a host's bundler copies `new URL(…)` assets
 * one by one and would leave a worker's chunks behind.
 */
export const WORKER_OPTIONS: NonNullable<UserConfig['worker']> = {
  format: 'es',
  plugins: () => [watPlugin()],
  rolldownOptions: { output: { codeSplitting: false } },
};

/** llama.cpp's two builds have the same name; only the browsers that need the compatible one keep it (src/sw). */
export function assetName({ originalFileNames }: { readonly originalFileNames: readonly string[] }): string {
  const isCompat = originalFileNames.some((name) => name.includes('/wllama-compat/'));
  return isCompat ? 'wllama-compat-[hash][extname]' : '[name]-[hash][extname]';
}

/**
 * Modules that every visit loads and that parts fetched later use too. Each such set would become a file of its own, a dozen
 * small ones; together they compress better, by some 2 KB.
 */
export function isOfEveryVisit(id: string): boolean {
  return OF_EVERY_VISIT.test(id);
}

const OF_EVERY_VISIT =
  /\/node_modules\/(lit|lit-html|lit-element|@lit\/[\w-]+|idb)\/|\/src\/(platform\/(errors|module-worker|requests)|storage\/(database|weights\/weight-store-schema)|models\/catalogue\/server-host|session\/models\/allowed-hosts|chat\/tree|ui\/(base\/(icon|confirm-button|base\.styles)|lib\/(format|locale|plural|subscription-controller|focus-restore-controller)|errors\/notice|contract\/events|privacy\/remote-badge-lazy))\.ts$/;

/**
 * Gives the element a lasting address, embed/alcove-chat.js, that only points at the hashed files of this version. The
 * app itself loads the same hashed files, so nothing is built or shipped twice.
 */
export function embedEntry(): Plugin {
  return {
    name: 'alcove-embed-entry',
    generateBundle(_, bundle) {
      const entry = Object.values(bundle).find(
        (output) => output.type === 'chunk' && output.facadeModuleId?.endsWith('/src/embed/define.ts'),
      );
      if (entry === undefined) this.error('The build has no chunk for src/embed/define.ts.');
      const source = `export * from '../${entry.fileName}';\n`;
      this.emitFile({ type: 'asset', fileName: 'embed/alcove-chat.js', source });
    },
  };
}
