import { describe, expect, it } from 'vitest';
import { attributesAndMethodsOf, headOf, membersOf, read } from './declared-members.ts';

/* Signatures and names in docs/api.md and docs/embedding.md, against the package's types, which `npm run build` must have written. */

const API_PAGE = read('docs/api.md');
const GUIDE = read('docs/embedding.md');
const MANIFEST = JSON.parse(read('lib/custom-elements.json')) as Manifest;
const [ELEMENT] = MANIFEST.modules.flatMap(({ declarations }) => declarations);

/** Where the events are declared that have a file of their own. */
const EVENT_FILES: Readonly<Record<string, string>> = {
  DownloadConsentEvent: 'embed/download-consent-event.d.ts',
  AlcoveToolCallEvent: 'embed/tools/tool-call-event.d.ts',
};

interface Named {
  readonly name: string;
}

interface Manifest {
  readonly modules: readonly {
    readonly declarations: readonly {
      readonly members: readonly (Named & { readonly kind: string; readonly privacy?: string })[];
      readonly attributes: readonly Named[];
      readonly events: readonly (Named & { readonly type: { readonly text: string } })[];
    }[];
  }[];
}

/** A function that a module exports. */
function functionOf(path: string, name: string): string {
  const [, signature] =
    new RegExp(`^export declare function (${name}\\(.*);$`, 'm').exec(read(`lib/types/${path}`)) ?? [];
  if (signature === undefined) throw new Error(`no ${name} in ${path}`);
  return signature;
}

/** The interfaces that docs/api.md writes out, with the file of each. */
const INTERFACES: Readonly<Record<string, string>> = {
  AlcoveOptions: 'api/alcove.d.ts',
  LoadOptions: 'api/alcove.d.ts',
  RequestOptions: 'api/request-options.d.ts',
  DownloadOptions: 'api/models.d.ts',
  AlcoveModel: 'api/models.d.ts',
  ChatCompletionCreateParamsBase: 'api/chat-types.d.ts',
  SamplingParams: 'api/chat-types.d.ts',
  StreamOptions: 'api/chat-types.d.ts',
  CompletionCreateParamsBase: 'api/completion-types.d.ts',
  ResponseCreateParamsBase: 'api/response-types.d.ts',
  EmbeddingCreateParams: 'api/embeddings.d.ts',
  LanguageModelClass: 'api/prompt-api/language-model.d.ts',
  LanguageModelSession: 'api/prompt-api/language-model-session.d.ts',
  LanguageModelCreateCoreOptions: 'api/prompt-api/language-model-types.d.ts',
  LanguageModelCreateOptions: 'api/prompt-api/language-model-types.d.ts',
  LanguageModelPromptOptions: 'api/prompt-api/language-model-types.d.ts',
};

/** An interface as docs/api.md writes it out, without the comments. */
function writtenOut(name: string, path: string): string {
  const members = attributesAndMethodsOf(path, name).map((member) => `  ${member.replaceAll('; }', ' }')};\n`);
  return `interface ${headOf(path, name)} {\n${members.join('')}}\n`;
}

/** The code in the first column of the tables of a page, after a heading and up to the next one. */
function firstColumn(page: string, heading: string): string[] {
  const start = page.indexOf(`\n${heading}\n`);
  expect(start, heading).toBeGreaterThan(0);
  const section = page.slice(start, page.indexOf('\n## ', start + 1));
  return [...section.matchAll(/^\| `((?:[^`|]|\\\|)+)` +\|/gm)].map(([, code = '']) => code.replaceAll('\\|', '|'));
}

/** Whether a page names a member, as code in its text or in an example. */
function isInCode(page: string, name: string): boolean {
  return new RegExp(`(\`[^\`\n]*|\\.)\\b${name}\\b`).test(page);
}

const prefixed = (prefix: string, members: readonly string[]): string[] => members.map((member) => prefix + member);

describe('docs/api.md', () => {
  it('lists the members of an Alcove, and every call that answers, with their signatures', () => {
    expect(firstColumn(API_PAGE, '## `createAlcove(options)`').sort()).toEqual(
      [
        ...membersOf('api/alcove.d.ts', 'Alcove'),
        ...prefixed('chat.completions.', membersOf('api/chat-completions.d.ts', 'ChatCompletions')),
        ...prefixed('completions.', membersOf('api/completions.d.ts', 'Completions')),
        ...prefixed('responses.', membersOf('api/responses.d.ts', 'Responses')),
        ...prefixed('embeddings.', membersOf('api/embeddings.d.ts', 'Embeddings')),
      ].sort(),
    );
  });

  it('lists the calls about models with their signatures', () => {
    expect(firstColumn(API_PAGE, '## Models')).toEqual(prefixed('models.', membersOf('api/models.d.ts', 'ApiModels')));
  });

  it.each(Object.entries(INTERFACES))('has %s as the types declare it', (name, path) => {
    expect(API_PAGE).toContain(writtenOut(name, path));
  });

  it('has no interface that nobody compares', () => {
    const names = [...API_PAGE.matchAll(/^interface (\w+)/gm)].map(([, name]) => name);
    expect(names.sort()).toEqual(Object.keys(INTERFACES).sort());
  });

  it.each([
    ['api/alcove.d.ts', 'createAlcove'],
    ['api/prompt-api/prompt-api.d.ts', 'createLanguageModel'],
    ['api/prompt-api/prompt-api.d.ts', 'installPromptApi'],
  ])('has the signature that %s declares for %s', (path, name) => {
    expect(API_PAGE).toContain(`\`${functionOf(path, name)}\``);
  });
});

describe('docs/embedding.md', () => {
  it('lists the methods of the element with their signatures', () => {
    const names = ELEMENT?.members.filter(({ kind, privacy }) => kind === 'method' && privacy === undefined) ?? [];
    const isPublic = (member: string): boolean => names.some(({ name }) => member.startsWith(`${name}(`));
    const methods = membersOf('embed/alcove-chat-element.d.ts', 'AlcoveChatElement').filter(isPublic);
    expect(methods).toHaveLength(names.length);
    const chats = prefixed('chats.', membersOf('embed/public-types.d.ts', 'PastChats'));
    expect(firstColumn(GUIDE, '## Methods').sort()).toEqual([...methods, ...chats].sort());
  });

  it('lists the attributes of the element, and `lang`, which every element has', () => {
    const names = ELEMENT?.attributes.map(({ name }) => name) ?? [];
    expect(firstColumn(GUIDE, '## Attributes and properties').sort()).toEqual([...names, 'lang'].sort());
  });

  it('lists the events of the element, and names what each one has', () => {
    const events = ELEMENT?.events ?? [];
    expect(firstColumn(GUIDE, '## Events').sort()).toEqual(events.map(({ name }) => name).sort());
    for (const { type } of events) {
      const file = EVENT_FILES[type.text] ?? 'embed/events.d.ts';
      const names = membersOf(file, type.text).map((member) => /^\w+/.exec(member)?.[0] ?? member);
      expect(
        names.filter((name) => !isInCode(GUIDE, name)),
        type.text,
      ).toEqual([]);
    }
  });
});
