/** Options that the site's build (vite.config.ts) and the library's (build-library.ts) share. */
import type { Plugin, UserConfig } from 'vite';
import { watPlugin } from './wat-plugin.ts';

/** Every browser with WebGPU supports it. */
export const BUILD_TARGET = 'es2023';

/**
 * One file per worker: a worker from another origin starts from a Blob, and a host's bundler copies `new URL(…)` assets one by
 * one, without a worker's chunks.
 */
export const WORKER_OPTIONS: NonNullable<UserConfig['worker']> = {
  format: 'es',
  plugins: () => [watPlugin()],
  rolldownOptions: { output: { codeSplitting: false } },
};

/** llama.cpp's two builds have the same file name; src/sw caches the compatible one only where the browser needs it. */
export function assetName({ originalFileNames }: { readonly originalFileNames: readonly string[] }): string {
  const isCompat = originalFileNames.some((name) => name.includes('/wllama-compat/'));
  return isCompat ? 'wllama-compat-[hash][extname]' : '[name]-[hash][extname]';
}

/**
 * Modules that every visit loads and that later chunks use too. The bundler would write two dozen small files; as one file they
 * compress better, by some 3 KB.
 */
export function isOfEveryVisit(id: string): boolean {
  return OF_EVERY_VISIT.test(id);
}

const OF_EVERY_VISIT =
  /\/node_modules\/(lit|lit-html|lit-element|@lit\/[\w-]+|idb)\/|\/src\/(platform\/(errors|module-worker|requests|web-locks)|storage\/(database|weights\/weight-store(-schema)?)|models\/(model-record|catalogue\/server-host|fit\/(download-size|fit-verdict))|session\/(models\/(runnable-model|server-mark)|state\/(deferred-methods|find-model|state-store))|chat\/(deletion|message-parts|tree)|ui\/(base\/(icon|icon-button|confirm-button|lazy-element|base\.styles|tokens)|lib\/(format|locale|plural|paste-limit|safe-decode-uri|save-file|subscription-controller|focus-restore-controller|when-idle)|errors\/notice|contract\/events|history\/chat-action-event|models\/model-labels|privacy\/remote-badge-lazy|shell\/shortcuts|voice\/voice-context))\.ts$/;

/**
 * Gives the element a stable URL, embed/alcove-chat.js, which only imports the hashed files of this version. The app loads the
 * same files, so nothing is built or shipped twice.
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
