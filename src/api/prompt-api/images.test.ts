/**
 * Images in prompts: the kinds that the specification takes, as they reach an engine, and whole prompts by a toy with a
 * projector of random weights.
 */
import { afterAll, describe, expect, test } from 'vitest';
import type { Script } from '../../engine/scripted/default-script.ts';
import { ScriptedEngine } from '../../engine/scripted/scripted-engine.ts';
import { storeDamagedToy } from '../../engine/webllm/testing/damaged-toy.ts';
import { fetchToyRecord, storeToyModel } from '../../engine/webllm/testing/store-toy-model.ts';
import { randomProjector } from '../../engine/wllama/testing/random-projector.ts';
import { ModelSession } from '../../session/model-session.ts';
import { openSession, openToySession, rejection, TOY } from '../testing/toy-alcove.ts';
import { languageModelOf } from './language-model.ts';
import type { LanguageModelPrompt } from './language-model-types.ts';

/** The toy's embedding length. */
const TOY_WIDTH = 128;

async function seeingModel() {
  const toy = await fetchToyRecord('wllama');
  if (toy.source.kind !== 'files') throw new Error('the toy lists its files');
  const bytes = randomProjector(TOY_WIDTH);
  const projector = {
    path: 'mmproj-toy.gguf',
    url: URL.createObjectURL(new Blob([bytes])),
    sizeBytes: bytes.length,
    sha256: '',
  };
  const source = { ...toy.source, files: [...toy.source.files, projector] };
  const databaseName = `test-${crypto.randomUUID()}`;
  const record = { ...toy, source };
  const { id } = await storeDamagedToy(`${databaseName}-weights`, record, { 'mmproj-toy.gguf': (same) => same });
  return { session: openSession(databaseName), id };
}

const { session, id } = await seeingModel();
afterAll(() => session.dispose());
const LanguageModel = languageModelOf(session, id);
const EXPECTS_IMAGES = { samplingMode: 'most-predictable', expectedInputs: [{ type: 'image' }] } as const;
/** A random projector makes no sense to the toy, which could write on and on. */
const SHORT = { responseConstraint: { type: 'boolean' } };

function withImage(value: unknown): LanguageModelPrompt {
  return [
    {
      role: 'user',
      content: [
        { type: 'text', value: 'describe this' },
        { type: 'image', value },
      ],
    },
  ];
}

function draw<Canvas extends OffscreenCanvas | HTMLCanvasElement>(canvas: Canvas): Canvas {
  const context = canvas.getContext('2d') as CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null;
  if (context === null) throw new Error('no canvas');
  context.fillStyle = 'red';
  context.fillRect(0, 0, 20, 20);
  return canvas;
}

const canvas = draw(new OffscreenCanvas(40, 30));
const png = await canvas.convertToBlob({ type: 'image/png' });
const bytes = await png.arrayBuffer();
const padded = new Uint8Array(256 + bytes.byteLength);
padded.set(new Uint8Array(bytes), 256);

async function image(source: string): Promise<HTMLImageElement> {
  const element = new Image();
  element.src = source;
  await element.decode();
  return element;
}

async function svgImage(): Promise<SVGImageElement> {
  const picture = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  picture.setAttribute('width', '40');
  picture.setAttribute('height', '30');
  const element = document.createElementNS('http://www.w3.org/2000/svg', 'image');
  const loaded = new Promise((resolve) => element.addEventListener('load', resolve, { once: true }));
  element.setAttribute('width', '40');
  element.setAttribute('height', '30');
  element.setAttribute('href', URL.createObjectURL(png));
  picture.append(element);
  document.body.append(picture);
  await loaded;
  return element;
}

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="40" height="30"/></svg>';

const KINDS: readonly (readonly [what: string, value: unknown])[] = [
  ['a Blob', png],
  ['an ImageBitmap', await createImageBitmap(canvas)],
  ['a VideoFrame', new VideoFrame(canvas, { timestamp: 1 })],
  ['an OffscreenCanvas', draw(new OffscreenCanvas(40, 30))],
  ['ImageData', new ImageData(40, 30)],
  ['an HTMLImageElement', await image(URL.createObjectURL(png))],
  ['an HTMLImageElement with an SVG', await image(`data:image/svg+xml,${encodeURIComponent(SVG)}`)],
  ['an SVGImageElement', await svgImage()],
  ['an HTMLCanvasElement', draw(Object.assign(document.createElement('canvas'), { width: 40, height: 30 }))],
  ['an ArrayBuffer', bytes],
  ['a DataView', new DataView(bytes)],
  ['a view with an offset', padded.subarray(256)],
];

/** A session with a scripted engine that keeps the images it is asked about. */
async function keepingSession() {
  const images: (Blob | string)[] = [];
  const databaseName = `test-${crypto.randomUUID()}`;
  const toy = await fetchToyRecord('wllama');
  await storeToyModel(`${databaseName}-weights`, toy);
  const script: Script = (messages) => {
    const parts = messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content));
    const shown = parts.flatMap((part) => (part.type === 'image' ? [part.image] : []));
    images.push(...shown);
    // Before the first prompt the model is tested, without an image.
    return shown.length === 0 ? (toy.selfTest?.expect ?? '') : 'seen';
  };
  const catalogueUrl = new URL('/catalogue.json', location.href).href;
  const createEngine = async () => new ScriptedEngine({ script });
  return { images, session: new ModelSession({ catalogueUrl, databaseName, createEngine }) };
}

const kept = await keepingSession();
afterAll(() => kept.session.dispose());

describe('an image in a prompt', { timeout: 60_000 }, () => {
  test.each(KINDS)('may be %s', async (_, value) => {
    const model = await languageModelOf(kept.session, TOY).create(EXPECTS_IMAGES);
    expect(await model.prompt(withImage(value))).toBe('seen');
    const image = kept.images.pop();
    if (!(image instanceof Blob)) throw new Error('no image reached the engine');
    const { width, height } = await createImageBitmap(image);
    expect({ width, height }).toEqual({ width: 40, height: 30 });
  });

  test('is read by a model with a projector', async () => {
    const model = await LanguageModel.create(EXPECTS_IMAGES);
    expect(await model.prompt(withImage(png), SHORT)).toMatch(/^(true|false)$/);
  });

  test('may be an initial prompt', async () => {
    const initialPrompts = withImage(png);
    if (typeof initialPrompts === 'string') throw new TypeError('no messages');
    const model = await LanguageModel.create({ ...EXPECTS_IMAGES, initialPrompts });
    expect(model.contextUsage).toBeGreaterThan(0);
    expect(await model.prompt('What is it?', SHORT)).toMatch(/^(true|false)$/);
  });

  test('may follow one whose prompt was aborted', async () => {
    const model = await LanguageModel.create(EXPECTS_IMAGES);
    const abort = new AbortController();
    const aborted = model.prompt(withImage(png), { signal: abort.signal });
    abort.abort();
    expect(await rejection(aborted)).toMatchObject({ name: 'AbortError' });
    expect(await model.prompt(withImage(png), SHORT)).toMatch(/^(true|false)$/);
  });

  test('is refused where it is not expected, from the assistant, as text, and if it is none', async () => {
    const blind = await LanguageModel.create();
    expect(await rejection(blind.prompt(withImage(png)))).toMatchObject({ name: 'NotSupportedError' });
    const model = await LanguageModel.create(EXPECTS_IMAGES);
    const refused: readonly (readonly [prompt: unknown, name: string])[] = [
      [[{ role: 'assistant', content: [{ type: 'image', value: png }] }], 'NotSupportedError'],
      [[{ role: 'user', content: [{ type: 'text', value: canvas }] }], 'TypeError'],
      [withImage('no image'), 'TypeError'],
      [withImage(padded.subarray(100)), 'InvalidStateError'],
    ];
    for (const [prompt, name] of refused) {
      expect(await rejection(model.prompt(prompt as LanguageModelPrompt))).toMatchObject({ name });
    }
  });

  test('is not expected of a model that takes none', async () => {
    const blind = await openToySession();
    const Blind = languageModelOf(blind, TOY);
    expect(await Blind.availability({ expectedInputs: [{ type: 'image' }] })).toBe('unavailable');
    expect(await rejection(Blind.create(EXPECTS_IMAGES))).toMatchObject({ name: 'NotSupportedError' });
    blind.dispose();
  });
});
