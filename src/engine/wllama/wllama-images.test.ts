import { afterAll, describe, expect, test } from 'vitest';
import type { ModelRecord } from '../../models/model-record.ts';
import type { PromptPart } from '../engine.ts';
import { ask, drain, textOf, usageOf } from '../testing/calls.ts';
import { storeDamagedToy } from '../webllm/testing/damaged-toy.ts';
import { fetchToyRecord } from '../webllm/testing/store-toy-model.ts';
import { IMAGE_TOKENS, randomProjector } from './testing/random-projector.ts';
import { WllamaEngine } from './wllama-engine.ts';

/** The toy's embedding length. */
const TOY_WIDTH = 128;

const storeName = `weights-${crypto.randomUUID()}`;
const toy = await fetchToyRecord('wllama');
const { signal } = new AbortController();

/** The toy with a file for pictures beside it, as a model of two GGUFs. */
async function storeSeeingToy(modelWidth = TOY_WIDTH): Promise<ModelRecord> {
  if (toy.source.kind !== 'files') throw new Error('the toy lists its files');
  const bytes = randomProjector(modelWidth);
  const url = URL.createObjectURL(new Blob([bytes]));
  const projector = { path: 'mmproj-toy.gguf', url, sizeBytes: bytes.length, sha256: '' };
  const source = { ...toy.source, files: [...toy.source.files, projector] };
  return storeDamagedToy(
    storeName,
    { ...toy, source, imageTokens: IMAGE_TOKENS },
    { 'mmproj-toy.gguf': (same) => same },
  );
}

async function picture(colour: string): Promise<Blob> {
  const canvas = new OffscreenCanvas(40, 30);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  context.fillStyle = colour;
  context.fillRect(0, 0, 40, 30);
  return canvas.convertToBlob({ type: 'image/png' });
}

function withPictures(text: string, ...pictures: readonly Blob[]) {
  const parts: PromptPart[] = [{ type: 'text', text }, ...pictures.map((image) => ({ type: 'image', image }) as const)];
  return { ...ask(text), messages: [{ role: 'user', content: parts } as const] };
}

const seeing = await storeSeeingToy();

describe('images in llama.cpp', { timeout: 60_000 }, () => {
  const engine = new WllamaEngine({ storeName, backend: { kind: 'single' } });
  afterAll(() => engine.dispose());

  test('are read by a model with a projector, each in one token a patch', async () => {
    expect(await engine.capabilities(toy)).toMatchObject({ images: false });
    expect(await engine.capabilities(seeing)).toMatchObject({ images: true });
    const capabilities = await drain(engine.load({ model: seeing }, signal)).then(() => engine.capabilities(seeing));
    expect(capabilities.images).toBe(true);
    const promptTokens = async (...pictures: readonly Blob[]): Promise<number> => {
      const events = await drain(
        engine.generate({ model: seeing, ...withPictures('What colour is the sky?', ...pictures) }, signal),
      );
      expect(events.at(-1)).toMatchObject({ type: 'finish' });
      return usageOf(events).promptTokens;
    };
    const red = await picture('red');
    const none = await promptTokens();
    const [one, two] = [await promptTokens(red), await promptTokens(red, await picture('blue'))];
    // One more parts it from the text.
    expect(one - none).toBe(IMAGE_TOKENS + 1);
    expect(two - one - IMAGE_TOKENS).toBeOneOf([0, 1]);
  });

  test('do not change the answer to a question without one', async () => {
    expect(textOf(await drain(engine.generate({ model: seeing, ...ask('What colour is the sky?') }, signal)))).toBe(
      'The sky is blue.',
    );
  });

  test('are refused with a projector of another model', async () => {
    const other = await storeSeeingToy(TOY_WIDTH / 2);
    await expect(drain(engine.load({ model: other }, signal))).rejects.toMatchObject({ code: 'projector-mismatch' });
  });
});
