import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseCatalogue } from '../src/models/catalogue.ts';
import { CATALOGUE_FILE, catalogueText } from './catalogue.ts';

const shipped = readFileSync(CATALOGUE_FILE, 'utf8');
const { models } = parseCatalogue(
  JSON.parse(shipped),
  new URL(`file:${CATALOGUE_FILE}`).href.replace('file:', 'http:'),
);

it('ships a catalogue that parses, the toy first, then at least a dozen models', () => {
  expect(models[0]?.name).toBe('Toy, to try the app');
  expect(new Set(models.map((model) => model.name)).size).toBeGreaterThan(12);
});

it('ships what the tool writes', () => {
  expect(shipped).toBe(catalogueText());
});

it('lists the toy with the sizes and hashes of its files', () => {
  const source = models[0]?.source;
  if (source?.kind !== 'files') throw new Error('The toy lists its files.');
  expect(source.files.length).toBeGreaterThan(5);
  for (const file of source.files) {
    const bytes = readFileSync(new URL(`../public/models/toy/${file.path}`, import.meta.url));
    expect(file.sizeBytes, file.path).toBe(bytes.byteLength);
    expect(file.sha256, file.path).toBe(createHash('sha256').update(bytes).digest('hex'));
  }
});

it('asks for shader-f16 exactly where activations are 16-bit', () => {
  for (const model of models) {
    expect(model.requiredFeatures.includes('shader-f16'), model.id).toBe(model.quantization.includes('f16'));
  }
});
