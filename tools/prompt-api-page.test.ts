import { describe, expect, it } from 'vitest';
import { memberNamesOf, read } from './declared-members.ts';

/* docs/prompt-api.md against its own counts and the tests that it names, and the types against the specification's IDL. */

const PAGE = read('docs/prompt-api.md');
const TESTS: Readonly<Record<string, string>> = {
  S: 'specification',
  P: 'prompt-api',
  I: 'images',
  R: 'regexp-grammar',
  D: 'document-access',
};

/** The rows of the table after a heading, each with its cells. */
function rowsAfter(heading: string): readonly (readonly string[])[] {
  const section = PAGE.slice(PAGE.indexOf(`\n## ${heading}`)).split('\n## ')[1] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| '));
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );
}

/** Titles of tests that a cell names, `S keeps to the constraint …`, each with its file's letter. */
function namedTests(cell: string): readonly (readonly [letter: string, title: string])[] {
  return cell.split(/; |: /).flatMap((part) => {
    const [, letter, title] = /^([SPIRD]) (.*?) ?…?$/.exec(part.trim()) ?? [];
    return letter === undefined || title === undefined ? [] : [[letter, title] as const];
  });
}

/** Whether a test's title begins so; what a table of cases fills in is left out (`…`), or is a case's first words. */
function isTitle(source: string, title: string): boolean {
  if (title.split(' … ').every((part) => source.includes(part))) return true;
  const words = title.split(' ');
  return words.some((_, at) => {
    const [start, rest] = [words.slice(0, at).join(' '), words.slice(at).join(' ')];
    return source.includes(`'${start} %s`) && source.includes(`'${rest}`);
  });
}

describe('docs/prompt-api.md', () => {
  const statements = rowsAfter('The specification');
  const files = rowsAfter('The web-platform-tests').map(([folder = '', names = '', here = '', why = '']) => {
    return { paths: [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => `${folder}${name}`), here, why };
  });

  it('counts the statements of the specification that are kept', () => {
    const kept = statements.filter(([, isKept]) => isKept === 'yes');
    expect(PAGE).toContain(`## The specification: ${kept.length} of ${statements.length} kept`);
  });

  it('counts the files of the web-platform-tests, each of which it names once', () => {
    const count = (here?: string): number =>
      files.filter((row) => here === undefined || row.here === here).reduce((sum, { paths }) => sum + paths.length, 0);
    const paths = files.flatMap((row) => row.paths);
    expect(new Set(paths).size).toBe(paths.length);
    expect(PAGE).toContain(
      `## The web-platform-tests: ${count('pass')} of the ${count() - count('does not run')} files that can run pass`,
    );
    expect(PAGE).toContain(`Each of the ${count()} test files`);
  });

  it('names tests that there are', () => {
    const named = [...statements.map(([, , test = '']) => test), ...files.map(({ why }) => why)].flatMap(namedTests);
    expect(named.length).toBeGreaterThan(50);
    for (const [letter, title] of named) {
      const source = read(`src/api/prompt-api/${TESTS[letter]}.test.ts`);
      expect(isTitle(source, title), `${letter} ${title}`).toBe(true);
    }
  });
});

/** The members of the IDL of webmachinelearning/prompt-api, June 2026, without `destroy` of its mixin. */
const IDL: Readonly<Record<string, readonly [file: string, type: string, members: readonly string[]]>> = {
  'LanguageModel, static': ['language-model', 'LanguageModelClass', ['create', 'availability', 'params']],
  LanguageModel: [
    'language-model-session',
    'LanguageModelSession',
    [
      ...['prompt', 'promptStreaming', 'append', 'measureContextUsage', 'contextUsage', 'contextWindow'],
      ...['oncontextoverflow', 'measureInputUsage', 'inputUsage', 'inputQuota', 'onquotaoverflow', 'topK'],
      ...['temperature', 'samplingMode', 'clone', 'destroy'],
    ],
  ],
  LanguageModelParams: [
    'language-model-types',
    'LanguageModelParams',
    ['defaultTopK', 'maxTopK', 'defaultTemperature', 'maxTemperature'],
  ],
  LanguageModelTool: ['language-model-types', 'LanguageModelTool', ['name', 'description', 'inputSchema', 'execute']],
  LanguageModelCreateCoreOptions: [
    'language-model-types',
    'LanguageModelCreateCoreOptions',
    ['topK', 'temperature', 'samplingMode', 'expectedInputs', 'expectedOutputs', 'tools'],
  ],
  LanguageModelCreateOptions: [
    'language-model-types',
    'LanguageModelCreateOptions',
    ['signal', 'monitor', 'initialPrompts'],
  ],
  LanguageModelPromptOptions: [
    'language-model-types',
    'LanguageModelPromptOptions',
    ['responseConstraint', 'omitResponseConstraintInput', 'signal'],
  ],
  LanguageModelExpected: ['language-model-types', 'LanguageModelExpected', ['type', 'languages']],
  LanguageModelMessage: ['language-model-types', 'LanguageModelMessage', ['role', 'content', 'prefix']],
  LanguageModelMessageContent: ['language-model-types', 'LanguageModelMessageContent', ['type', 'value']],
};

describe('alcove-chat/prompt-api', () => {
  it.each(Object.entries(IDL))('declares every member of %s, and no other', (_, [file, type, members]) => {
    const declared = memberNamesOf(`api/prompt-api/${file}.d.ts`, type).filter((name) => name !== 'prototype');
    expect(declared.sort()).toEqual([...members].sort());
  });

  it('knows every value of the IDL’s enumerations', () => {
    const types = read('lib/types/api/prompt-api/language-model-types.d.ts');
    const values = [
      ...['most-predictable', 'predictable', 'balanced', 'creative', 'most-creative'],
      ...['system', 'user', 'assistant', 'text', 'image', 'audio', 'tool-call', 'tool-response'],
      ...['unavailable', 'downloadable', 'downloading', 'available'],
    ];
    for (const value of values) expect(types).toContain(`'${value}'`);
  });
});
