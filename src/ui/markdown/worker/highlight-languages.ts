import type { LanguageFn } from './highlight-core.js';

const files = import.meta.glob<LanguageFn>(
  '../../../../node_modules/highlight.js/es/languages/{bash,c,cpp,csharp,css,dart,diff,dockerfile,elixir,go,graphql,haskell,ini,java,javascript,json,julia,kotlin,latex,less,lua,makefile,markdown,matlab,nginx,objectivec,perl,php,plaintext,powershell,python,r,ruby,rust,scala,scss,sql,swift,typescript,wasm,xml,yaml}.js',
  { eager: true, import: 'default' },
);

/**
 * The languages of code/languages.ts, by the ids of highlight.js. All are in the worker's single file
 * (tools/vite-options.ts says why); each is compiled when it is first used.
 */
export const LANGUAGE_DEFINITIONS: ReadonlyMap<string, LanguageFn> = new Map(
  Object.entries(files).map(([path, definition]) => [/([a-z]+)\.js$/.exec(path)?.[1] ?? '', definition]),
);
