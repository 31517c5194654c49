import { afterEach, describe, expect, test } from 'vitest';
import type { Backend } from '../../models/backend.ts';
import { createModuleWorker } from '../../platform/module-worker.ts';
import { REQUEST_CHANNEL, type RequestEntry } from '../../platform/requests.ts';
import { ask, drain, textOf } from '../testing/calls.ts';
import { fetchToyRecord, storeToyModel } from '../webllm/testing/store-toy-model.ts';
import otherBrowserWorker from './testing/worker/other-browser-worker.ts?worker-file';
import { WllamaEngine } from './wllama-engine.ts';

const storeName = `weights-${crypto.randomUUID()}`;
const toy = await fetchToyRecord('wllama');
await storeToyModel(storeName, toy);
const { signal } = new AbortController();

let engine: WllamaEngine | undefined;
afterEach(() => engine?.dispose());

async function answerOf(options: ConstructorParameters<typeof WllamaEngine>[0]): Promise<string> {
  engine = new WllamaEngine({ storeName, ...options });
  await drain(engine.load({ model: toy }, signal));
  return textOf(await drain(engine.generate({ model: toy, ...ask('What is the capital of Egypt?') }, signal)));
}

const ANSWER = 'The capital of Egypt is Cairo.';

describe('llama.cpp in other browsers and on other backends', { timeout: 60_000 }, () => {
  for (const { browser, wasm } of [
    { browser: 'safari', wasm: '/@wllama/wllama-compat/wasm/wllama.wasm' },
    { browser: 'firefox', wasm: '/@wllama/wllama/esm/wasm/wllama.wasm' },
  ]) {
    test(`${browser}, which has no JSPI, uses the compatible build, which we serve`, async () => {
      const requests: RequestEntry[] = [];
      const channel = new BroadcastChannel(REQUEST_CHANNEL);
      channel.onmessage = ({ data }: MessageEvent<RequestEntry[]>) => requests.push(...data);
      expect(await answerOf({ createWorker: () => createModuleWorker(otherBrowserWorker, browser) })).toBe(ANSWER);
      const urls = requests.map(({ url }) => new URL(url));
      expect(urls.filter(({ pathname }) => pathname.endsWith('.wasm')).map(({ pathname }) => pathname)).toEqual([
        expect.stringMatching(new RegExp(`${wasm}$`)),
      ]);
      expect(urls.every(({ host }) => host === location.host)).toBe(true);
      expect(engine?.loadReport?.readBytes).toBe(toy.sizeBytes);
      channel.close();
    });
  }

  test('the backend threads uses all cores, or two if two are requested', async () => {
    expect(await answerOf({ backend: { kind: 'threads' } })).toBe(ANSWER);
    expect(engine?.loadReport).toMatchObject({
      backend: { kind: 'threads', threadCount: navigator.hardwareConcurrency },
    });
    engine?.dispose();
    expect(await answerOf({ backend: { kind: 'threads', threadCount: 2 } })).toBe(ANSWER);
    expect(engine?.loadReport).toMatchObject({ backend: { kind: 'threads', threadCount: 2 } });
  });

  test('the backend single uses one thread', async () => {
    expect(await answerOf({ backend: { kind: 'single' } })).toBe(ANSWER);
    expect(engine?.loadReport).toMatchObject({ backend: { kind: 'single', threadCount: 1 } });
  });

  test('a load with another backend loads again, and one with the same or no backend does not', async () => {
    const llama = new WllamaEngine({ storeName });
    engine = llama;
    const phases = async (asked?: Backend) =>
      (await drain(llama.load({ model: toy, backend: asked }, signal))).map(({ phase, backend }) => ({
        phase,
        backend,
      }));
    const threads = { kind: 'threads', threadCount: 2 } as const;
    const single = { kind: 'single', threadCount: 1 } as const;
    expect((await phases(threads)).at(-1)).toEqual({ phase: 'ready', backend: threads });
    expect(await phases(threads)).toEqual([{ phase: 'ready', backend: threads }]);
    expect(await phases()).toEqual([{ phase: 'ready', backend: threads }]);
    expect((await phases(single)).slice(-2)).toEqual([
      { phase: 'shaders', backend: undefined },
      { phase: 'ready', backend: single },
    ]);
  });
});
