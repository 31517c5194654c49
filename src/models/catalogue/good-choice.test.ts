import { expect, test } from 'vitest';
import { fitModel } from '../fit/fit.ts';
import type { ModelRecord } from '../model-record.ts';
import { MADE_UP_DEVICE, madeUpRecord } from '../testing/made-up.ts';
import { isGoodChoice } from './good-choice.ts';

const GGUF = { kind: 'huggingface', repo: 'a/b', revision: '1', files: '*.gguf' } as const;
const COMPILED = { kind: 'huggingface', repo: 'a/b', revision: '1', library: { url: 'https://a.example/b' } } as const;

function isGood(change: Partial<ModelRecord>, hasRunHere = false): boolean {
  const record = madeUpRecord({ source: COMPILED, abilities: ['chat'], ...change });
  const result = { recordId: record.id, revision: '1', at: 0, decodeTokensPerSecond: 30 };
  const history = hasRunHere ? { of: () => [result] } : undefined;
  return isGoodChoice({ record, fit: fitModel(record, MADE_UP_DEVICE, { history }) });
}

test('no base model and no embedding model is called the best for a device', () => {
  expect([isGood({}), isGood({ abilities: [] }), isGood({ abilities: ['embeddings'] })]).toEqual([true, false, false]);
});

test('a variant that nobody is known to have run is called the best for a device only once it has run there', () => {
  expect([isGood({ source: GGUF }), isGood({ source: GGUF }, true)]).toEqual([false, true]);
  expect(isGood({ source: GGUF, selfTest: { prompt: 'What colour is the sky?', expect: 'Blue.' } })).toBe(true);
});
