import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

// Tests the types of lib/, the npm package, which `npm run build` must have written: in the templates of each framework, and in
// the code of the guides, as it is printed there.
const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** A limit for hanging tests, not for slow ones. */
const LIMIT_MS = 120_000;
const host = mkdtempSync(join(tmpdir(), 'alcove-types-'));

const COMPILER_OPTIONS = {
  target: 'ES2022',
  module: 'ESNext',
  moduleResolution: 'bundler',
  lib: ['ES2022', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
  jsx: 'preserve',
  jsxImportSource: 'react',
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
};

/** What the code of the guides leaves to the host's developer. */
const AROUND_THE_CODE = `declare global {
  function myDialog(question: string): Promise<boolean>;
  const LanguageModel: import('alcove-chat/prompt-api').LanguageModelClass;
}
export {};
`;

/** The element in JSX, with what must compile and what must not. */
const jsxHost = (framework: string, listener: string): string => `/** @jsxImportSource ${JSX_SOURCES[framework]} */
import type {} from 'alcove-chat/types/${framework}';
export const chat = (
  <alcove-chat
    model="a"
    models={['a', 'b']}
    context-selector="main"
    auto-load={true}
    layout="bubble"
    id="chat"
    aria-label="Help"
    ${listener}alcove-send={(event) => {
      event.text = event.text.trim();
    }}
    ${listener}alcove-error={({ error }) => console.log(error.code)}
  >
    <p slot="welcome">Hello</p>
  </alcove-chat>
);
export const wrong = [
  // @ts-expect-error there is no such layout
  <alcove-chat layout="triangle" />,
  // @ts-expect-error models is a list
  <alcove-chat models="a" />,
  // @ts-expect-error a message has no such member
  <alcove-chat ${listener}alcove-message={({ message }) => message.html} />,
];
`;

const JSX_SOURCES: Readonly<Record<string, string>> = { react: 'react', preact: 'preact', solid: 'solid-js' };

const FILES: Readonly<Record<string, string>> = {
  'around.d.ts': AROUND_THE_CODE,
  'react-tag.tsx': jsxHost('react', 'on'),
  'preact-tag.tsx': jsxHost('preact', 'on'),
  'solid-tag.tsx': jsxHost('solid', 'on:'),
  'react-component.tsx': `import { AlcoveChat, type AlcoveChatProps } from 'alcove-chat/react';
import type { AlcoveChatElement } from 'alcove-chat';
import { useRef } from 'react';
export function Help(props: AlcoveChatProps) {
  const chat = useRef<AlcoveChatElement>(null);
  return (
    <AlcoveChat
      {...props}
      ref={chat}
      className="help"
      starters={['Hello']}
      contextSelector="main"
      onAlcoveMessage={({ message }) => console.log(message.content.length)}
      onAlcoveDownloadConsent={(event) => event.allow()}
      onClick={() => chat.current?.send('Hello')}
    />
  );
}
// @ts-expect-error there is no such event
export const wrong = <AlcoveChat onAlcoveFinish={() => {}} />;
`,
  'vue-tag.ts': `import type {} from 'alcove-chat/types/vue';
import type { GlobalComponents } from 'vue';
type Tag = InstanceType<GlobalComponents['alcove-chat']>;
export const props: Tag['$props'] = { model: 'a', contextSelector: 'main', class: 'help', onAlcoveMessage: ({ message }) => console.log(message.content) };
export const listen = (chat: Tag): void => chat.$emit('alcove-send', ...([] as unknown as [import('alcove-chat').AlcoveSendEvent]));
// @ts-expect-error there is no such layout
export const wrong: Tag['$props'] = { layout: 'triangle' };
`,
  'svelte-tag.ts': `import type {} from 'alcove-chat/types/svelte';
import type { SvelteHTMLElements } from 'svelte/elements';
type Tag = SvelteHTMLElements['alcove-chat'];
export const props: Tag = { model: 'a', contextSelector: 'main', class: 'help', 'onalcove-message': ({ message }) => console.log(message.content) };
// @ts-expect-error there is no such layout
export const wrong: Tag = { layout: 'triangle' };
`,
};

/** The manifest, which is made from the element's class, against the types for templates. */
function manifestHost(): string {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'lib', 'custom-elements.json'), 'utf8'));
  const [{ attributes, events }] = manifest.modules[0].declarations;
  const named = (list: readonly { name: string }[], prefix = ''): string =>
    list.map(({ name }) => JSON.stringify(prefix + name)).join(' | ');
  return `import type {} from 'alcove-chat/types/react';
import type { JSX } from 'react';
type Name = ${named(attributes)} | ${named(events, 'on')};
declare const missing: Exclude<Name, keyof JSX.IntrinsicElements['alcove-chat']>;
export const none: never = missing;
`;
}

/** The code blocks of a guide as files; a page's HTML by the scripts in it. Blocks of signatures are `typescript`: signatures.test.ts. */
function codeOf(guide: string): readonly (readonly [name: string, code: string])[] {
  const text = readFileSync(join(ROOT, 'docs', guide), 'utf8');
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, language = '', code = ''], index) => {
    const name = `${guide.replace('.md', '')}-${index + 1}`;
    const extension = /^[jt]sx$/.test(language) ? 'tsx' : 'ts';
    const scripts = /^[jt]sx?$/.test(language) ? [code] : inlineScripts(code);
    return scripts.map((script, at) => [`${name}-${at + 1}.${extension}`, script] as const);
  });
}

function inlineScripts(html: string): string[] {
  const scripts = html.matchAll(/<script(?![^>]*(?:\bsrc=|importmap|ld\+json))[^>]*>([\s\S]*?)<\/script>/g);
  return [...scripts].map(([, code = '']) => code);
}

beforeAll(() => {
  mkdirSync(join(host, 'node_modules'));
  symlinkSync(ROOT, join(host, 'node_modules', 'alcove-chat'));
  for (const name of readdirSync(join(ROOT, 'node_modules')).filter((entry) => !entry.startsWith('.')))
    symlinkSync(join(ROOT, 'node_modules', name), join(host, 'node_modules', name));
});

afterAll(() => rmSync(host, { recursive: true }));

it('knows the element in the templates of each framework, and compiles all code of the guides as printed', {
  timeout: LIMIT_MS,
}, () => {
  const code = ['embedding.md', 'api.md'].flatMap(codeOf);
  expect(code.length).toBeGreaterThan(8);
  const files = { ...FILES, 'manifest.ts': manifestHost(), ...Object.fromEntries(code) };
  for (const [name, text] of Object.entries(files)) {
    const module = /^(import|export) /m.test(text) ? text : `${text}\nexport {};\n`;
    writeFileSync(join(host, name), module);
  }
  const compilerOptions = { ...COMPILER_OPTIONS };
  writeFileSync(join(host, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: Object.keys(files) }));
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', host], { encoding: 'utf8' });
  expect(stdout).toBe('');
});
