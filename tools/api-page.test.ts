import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/* The names in docs/api.md against the source. By its text: TypeScript 7 has no JavaScript API that could read the types. Signatures: signatures.test.ts. */

const API = fileURLToPath(new URL('../src/api/', import.meta.url));
const page = readFileSync(fileURLToPath(new URL('../docs/api.md', import.meta.url)), 'utf8');
const index = readFileSync(`${API}index.ts`, 'utf8');

const CLASSES: Readonly<Record<string, string>> = {
  AlcoveApiError: 'api-error.ts',
};
const PARAMETERS: Readonly<Record<string, string>> = {
  AlcoveOptions: 'alcove.ts',
  LoadOptions: 'alcove.ts',
  RequestOptions: 'request-options.ts',
  DownloadOptions: 'models.ts',
  AlcoveModel: 'models.ts',
  ChatCompletionCreateParamsBase: 'chat-types.ts',
  SamplingParams: 'chat-types.ts',
  StreamOptions: 'chat-types.ts',
  CompletionCreateParamsBase: 'completion-types.ts',
  ResponseCreateParamsBase: 'response-types.ts',
  EmbeddingCreateParams: 'embeddings.ts',
};

/** The names that index.ts exports, also those of whole files. */
function exportedNames(): string[] {
  const listed = [...index.matchAll(/export (?:type )?\{([^}]+)\}/g)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.replace(/\btype\b/, '').trim()),
  );
  const files = [...index.matchAll(/export type \* from '\.\/([\w-]+\.ts)'/g)].map(([, file]) => file);
  const whole = files.flatMap((file) => {
    const source = readFileSync(`${API}${file}`, 'utf8');
    return [...source.matchAll(/^export (?:interface|type) (\w+)/gm)].map(([, name = '']) => name);
  });
  return [...listed, ...whole].filter((name) => name !== '');
}

/** The public members of a class or an interface: one level of indentation, no private field, no constructor. */
function membersOf(kind: 'class' | 'interface', name: string, file: string): string[] {
  const source = readFileSync(`${API}${file}`, 'utf8');
  const start = source.search(new RegExp(`^export ${kind} ${name}\\b`, 'm'));
  expect(start, name).toBeGreaterThanOrEqual(0);
  const body = source.slice(start, source.indexOf('\n}\n', start));
  const members = body.matchAll(/^ {2}(?:static |readonly |async |get |set )*([a-z_]\w*)\??(?=[:(])/gm);
  return [...new Set([...members].map(([, member = '']) => member))].filter((member) => member !== 'constructor');
}

/** Whether the page has a name in code: `name`, `models.name(id)`. */
function isNamed(name: string): boolean {
  return new RegExp(`\`[^\`\n]*\\b${name}\\b[^\`\n]*\``).test(page);
}

/** What prompt-api.ts exports itself; the dictionaries are the specification's. */
const PROMPT_API = [
  'createLanguageModel',
  'installPromptApi',
  'PromptApiOptions',
  'InstallOptions',
  'LanguageModelClass',
];
const SESSION_OPTIONS = [
  ['LanguageModelCreateCoreOptions', 'prompt-api/language-model-types.ts'],
  ['LanguageModelCreateOptions', 'prompt-api/language-model-types.ts'],
] as const;

describe('docs/api.md', () => {
  it('names everything of alcove-chat/prompt-api', () => {
    const members = [
      ...membersOf('class', 'LanguageModelSession', 'prompt-api/language-model-session.ts'),
      ...SESSION_OPTIONS.flatMap(([name, file]) => membersOf('interface', name, file)),
    ].filter((name) => name !== 'protected' && name !== 'set' && name !== 'get');
    expect([...PROMPT_API, ...members].filter((name) => !isNamed(name))).toEqual([]);
  });

  it('names everything that alcove-chat/api exports', () => {
    const names = exportedNames();
    expect(names.length).toBeGreaterThan(50);
    expect(names.filter((name) => !isNamed(name))).toEqual([]);
  });

  it.each(Object.entries(CLASSES))('names every member of %s', (name, file) => {
    const members = membersOf('class', name, file);
    expect(members.length).toBeGreaterThan(4);
    expect(members.filter((member) => !isNamed(member))).toEqual([]);
  });

  it.each(Object.entries(PARAMETERS))('names every member of %s', (name, file) => {
    const members = membersOf('interface', name, file);
    expect(members.length).toBeGreaterThan(0);
    expect(members.filter((member) => !isNamed(member))).toEqual([]);
  });
});
