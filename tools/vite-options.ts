/** Options that the site's build (vite.config.ts) and the library's (build-library.ts) share. */
import { fileURLToPath } from 'node:url';
import type { Plugin, UserConfig } from 'vite';

/** Every browser with WebGPU supports it. */
export const BUILD_TARGET = 'es2023';

/** One file per worker: a worker from another origin starts from a Blob. */
export const WORKER_OPTIONS: NonNullable<UserConfig['worker']> = {
  format: 'es',
  rolldownOptions: { output: { codeSplitting: false } },
};

/** mammoth unpacks with our reader of archives. */
export const RESOLVE_OPTIONS: NonNullable<UserConfig['resolve']> = {
  alias: { jszip: fileURLToPath(new URL('../src/documents/worker/zip-for-mammoth.ts', import.meta.url)) },
};

/** llama.cpp's two builds have the same file name; src/sw caches the compatible one only where the browser needs it. */
export function assetName({ originalFileNames }: { readonly originalFileNames: readonly string[] }): string {
  const isCompat = originalFileNames.some((name) => name.includes('/wllama-compat/'));
  return isCompat ? 'wllama-compat-[hash][extname]' : '[name]-[hash][extname]';
}

/** What src/main.ts imports beside the element. */
const APP = ['session/models/allowed-hosts', 'session/service-worker-client', 'ui/shell/app-shell'];

const SESSION_START = [
  'chat/project',
  'chat/settings/persona',
  'download/downloader',
  'engine/browser/browser-record',
  'session/generation/controller-and-preferences',
  'session/models/catalogue-and-fits',
  'session/models/custom-models',
];

const ENGINES = [
  'engine/self-test',
  'engine/shared/shared-engine',
  'engine/webllm/webllm-engine',
  'engine/wllama/wllama-engine',
  'session/runtime/model-runtime',
];

const FIRST_SCREEN = [
  'ui/base/toast',
  'ui/chat/attach/attach-files',
  'ui/chat/conversation-view',
  'ui/errors/error-messages',
  'ui/errors/notice',
  'ui/history/chat-list',
  'ui/models/add/drop-anywhere',
  'ui/models/add/drop-hint',
  'ui/models/model-card',
];

/**
 * The site's larger chunks. Without them the bundler writes a file for each set of modules that the same imports share: some
 * eighty on the first screen, most of a few hundred bytes, which compress badly and arrive in waves. A group takes with each
 * module what that imports, unless an earlier group has it.
 */
export const CHUNK_GROUPS = [
  // What an embedded chat needs before it is used, as far as the app has it too.
  {
    name: 'base',
    test: modules([
      'ui/base/tokens',
      'ui/chat/composer',
      'ui/chat/chat-header',
      'ui/base/chat-frame.styles',
      'ui/lib/locale',
      'platform/when-idle',
      'platform/errors',
      'session/state/session-state',
    ]),
    priority: 6,
  },
  // What a page needs before it takes text: the chat, and the app or the element around it.
  {
    name: 'chat',
    test: modules(['ui/chat/chat-view', 'session/session', 'session/models/default-catalogue']),
    priority: 5,
  },
  { name: 'app', test: modules(APP), priority: 4 },
  { name: 'element', test: modules(['embed/define']), priority: 3 },
  // What runs engines on the page's side; their workers are files of their own.
  { name: 'engines', test: modules(ENGINES), priority: 2.5 },
  // What a session loads as soon as the page has been painted.
  { name: 'session', test: modules(SESSION_START), priority: 2 },
  // What stands on the first screen beside the composer: a new user's models, a returning user's chats.
  { name: 'first-screen', test: modules(FIRST_SCREEN), priority: 1 },
];

export function modules(names: readonly string[]): (id: string) => boolean {
  return (id) => names.includes(/\/src\/(.+)\.ts$/.exec(id)?.[1] ?? '');
}

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
