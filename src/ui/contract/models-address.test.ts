import { expect, test } from 'vitest';
import { formatModelsPlace, readModelsPlace } from './models-address.ts';
import type { ModelsPlace } from './models-place.ts';

const PLACES: readonly ModelsPlace[] = [
  { at: 'list' },
  { at: 'model', modelId: 'Qwen3.5-2B-q4f16_1-MLC' },
  { at: 'model', modelId: '@localhost:1234/a/b?c#d 100 %' },
  { at: 'model', modelId: 'compare' },
  { at: 'comparison', modelIds: ['a&b', 'c=d', 'e f'] },
];

test.each(PLACES)('the address of %j names the same again', (place) => {
  expect(readModelsPlace(formatModelsPlace(place))).toEqual(place);
});

test.each([
  ['#models', { at: 'list' }],
  ['#/models/', { at: 'list' }],
  ['#/models/%zz', { at: 'model', modelId: '%zz' }],
  ['#/modelsandmore', undefined],
  ['#/new/models', undefined],
  ['', undefined],
] as const)('reads %j', (hash, place) => {
  expect(readModelsPlace(hash)).toEqual(place);
});
