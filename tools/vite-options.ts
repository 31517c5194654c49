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
  return LIBRARIES.test(id) || MODULES.has(/\/src\/(.+)\.ts$/.exec(id)?.[1] ?? '');
}

const LIBRARIES = /\/node_modules\/(lit|lit-html|lit-element|@lit\/[\w-]+|idb)\/(?!directives\/|directive-helpers)/;

const MODULES = new Set([
  'chat/deletion',
  'chat/message-parts',
  'chat/tree',
  'models/catalogue/server-host',
  'models/fit/download-size',
  'models/fit/fit-result',
  'models/model-record',
  'platform/errors',
  'platform/local-setting',
  'platform/module-worker',
  'platform/requests',
  'platform/untrusted-json',
  'platform/web-locks',
  'session/models/runnable-model',
  'session/models/server-mark',
  'session/state/deferred-methods',
  'session/state/find-model',
  'session/state/state-store',
  'storage/database',
  'storage/weights/weight-store',
  'storage/weights/weight-store-schema',
  'ui/base/base.styles',
  'ui/base/confirm-button',
  'ui/base/icon',
  'ui/base/icon-button',
  'ui/base/lazy-element',
  'ui/base/tokens',
  'ui/contract/events',
  'ui/errors/notice',
  'ui/history/chat-action-event',
  'ui/lib/focus-restore-controller',
  'ui/lib/format',
  'ui/lib/locale',
  'ui/lib/paste-limit',
  'ui/lib/plural',
  'ui/lib/safe-decode-uri',
  'ui/lib/save-file',
  'ui/lib/subscription-controller',
  'ui/lib/when-idle',
  'ui/models/model-labels',
  'ui/privacy/remote-badge-lazy',
  'ui/shell/shortcuts',
  'ui/voice/voice-context',
]);

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
