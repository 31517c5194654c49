import { expect, test } from 'vitest';
import type { Fit } from '../fit/fit-result.ts';
import type { ModelRecord } from '../model-record.ts';
import { madeUpRecord } from '../testing/made-up.ts';
import { browse, choices, EVERYTHING, fold, groupModels } from './browse.ts';

const RUNS: Fit = {
  status: 'runs-well',
  reason: { kind: 'speed' },
  estimate: {
    speed: { low: 10, high: 20, from: 'guess' },
    memoryBytes: 1e9,
    budgetBytes: 3e9,
    contextWindow: 4096,
    downloadSeconds: undefined,
  },
};
const CANNOT: Fit = { status: 'cannot-run', code: 'model-too-large', data: {} };

function entry(name: string, changes: Partial<ModelRecord> = {}, fit: Fit = RUNS) {
  const record = madeUpRecord({
    id: `${name}-${changes.engine ?? 'webllm'}`.replaceAll(' ', '-'),
    name,
    family: name.split(' ')[0] ?? name,
    maker: 'Maker',
    licence: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html', forbids: 'Nothing.' },
    abilities: ['chat'],
    languages: ['en', 'pt-BR'],
    releasedOn: '2025-01',
    ...changes,
  });
  return { record, fit };
}

const ENTRIES = [
  entry('Ministral 3B', { maker: 'Mistral AI', releasedOn: '2025-12', parameterCount: 3e9 }),
  entry('Ministral 3B', { engine: 'wllama', quantization: 'Q4_K_M' }),
  entry('Émile 1B', {
    abilities: ['chat', 'thinking', 'vision', 'audio', 'tools'],
    languages: ['fr'],
    releasedOn: '2024-01',
  }),
  entry('Huge 400B', { engine: 'server', parameterCount: 4e11 }, CANNOT),
  entry('Closed 2B', {
    licence: {
      name: 'Own',
      url: 'https://x.example/',
      forbids: 'Commercial use without a licence.',
      nonCommercial: true,
    },
    parameterCount: 2e9,
  }),
];
const ALL = groupModels(ENTRIES, false);

const namesOf = (query: object, text = '') =>
  browse(ALL, { ...EVERYTHING, ...query }, text).map(({ best }) => best.record.name);

test('the variants of a model are listed as one entry', () => {
  expect(ALL).toHaveLength(4);
  expect(ALL[0]?.variants).toHaveLength(2);
});

test.each([
  ['mini', ['Ministral 3B']],
  ['MISTRAL ai', ['Ministral 3B']],
  ['emile', ['Émile 1B']],
  ['q4_k', ['Ministral 3B']],
  ['thinking fr', ['Émile 1B']],
  ['vision', []],
  ['nothing like it', []],
])('a search for %j matches a model’s words in any order, without accents', (text, names) => {
  expect(namesOf({}, text)).toEqual(names);
});

test('a model of images is one where a file for them comes with it', () => {
  const seeing = groupModels([entry('Seer 2B', { abilities: ['chat', 'vision'], imageTokens: 256 })], false);
  expect(choices(seeing).abilities).toEqual(['chat', 'vision']);
});

test('each filter keeps the matching models', () => {
  expect(namesOf({ fitsHere: true })).not.toContain('Huge 400B');
  expect(namesOf({ family: 'Closed' })).toEqual(['Closed 2B']);
  expect(namesOf({ ability: 'thinking' })).toEqual(['Émile 1B']);
  expect(namesOf({ language: 'pt' })).not.toContain('Émile 1B');
  expect(namesOf({ licence: 'free' })).not.toContain('Closed 2B');
  expect(namesOf({ mostBytes: 700e6 })).toEqual(['Ministral 3B', 'Émile 1B']);
});

test('each order sorts by its key', () => {
  expect(namesOf({ sort: 'fit' }).at(-1)).toBe('Huge 400B');
  expect(namesOf({ sort: 'newest' })[0]).toBe('Ministral 3B');
  expect(namesOf({ sort: 'smallest' })[0]).toBe('Émile 1B');
  expect(namesOf({ sort: 'largest' })[0]).toBe('Huge 400B');
  expect(namesOf({ sort: 'name' })[0]).toBe('Closed 2B');
});

test('the filters offer the values that occur, and of the abilities those that the chat can use', () => {
  expect(choices(ALL)).toEqual({
    families: ['Closed', 'Huge', 'Ministral', 'Émile'],
    abilities: ['chat', 'thinking'],
    languages: ['en', 'fr', 'pt'],
  });
  expect(fold('ÉÄñ')).toBe('ean');
});

test('of models that fit equally well the better and faster one is first, then what may not fit, what is too slow, and base models', () => {
  const made = (
    name: string,
    status: 'runs-well' | 'runs-slowly' | 'may-not-fit' | 'too-slow',
    change: object,
    speed: number,
  ) => {
    const estimate = {
      speed: { low: speed, high: speed, from: 'guess' },
      memoryBytes: 1,
      budgetBytes: 2,
      contextWindow: 4_096,
      downloadSeconds: undefined,
    } as const;
    const record = madeUpRecord({ id: name, name, abilities: ['chat'], releasedOn: '2025-01', ...change });
    return { record, fit: { status, reason: { kind: 'speed' }, estimate } as const };
  };
  const groups = groupModels(
    [
      made('slow', 'too-slow', { parameterCount: 9e9 }, 0.5),
      made('doubtful', 'may-not-fit', { parameterCount: 9e9 }, 20),
      made('small', 'runs-well', { parameterCount: 1e9 }, 100),
      made('large', 'runs-well', { parameterCount: 4e9 }, 24),
      made('base', 'runs-well', { parameterCount: 8e9, abilities: [] }, 24),
    ],
    false,
  );
  const all = browse(groups, EVERYTHING).map(({ key }) => key);
  expect(all).toEqual(['large', 'small', 'doubtful', 'slow', 'base']);
  expect(browse(groups, { ...EVERYTHING, fitsHere: true }).map(({ key }) => key)).toEqual(['large', 'small', 'base']);
});

test('tools are an ability only where models are offered some', () => {
  const withTools = groupModels(ENTRIES, true);
  const found = (groups: typeof ALL) => browse(groups, { ...EVERYTHING, ability: 'tools' }).map(({ key }) => key);
  expect([found(ALL), found(withTools)]).toEqual([[], ['Émile 1B']]);
  expect([choices(ALL).abilities.includes('tools'), choices(withTools).abilities.includes('tools')]).toEqual([
    false,
    true,
  ]);
  expect(browse(withTools, EVERYTHING, 'tools')).toHaveLength(1);
});
