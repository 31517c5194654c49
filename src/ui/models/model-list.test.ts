import { afterEach, expect, test } from 'vitest';
import type { SessionState } from '../../session/state/session-state.ts';
import { deepText, settle } from '../testing/deep-dom.ts';
import { entry, QWEN } from '../testing/fixture-models.ts';
import { STATES } from '../testing/states.ts';
import { ModelList } from './model-list.ts';

afterEach(() => document.querySelector('alcove-model-list')?.remove());

async function show(state: SessionState, modelId?: string): Promise<ModelList> {
  const list = new ModelList();
  list.state = state;
  if (modelId !== undefined) list.place = { at: 'model', modelId };
  document.body.append(list);
  await settle(list);
  return list;
}

/** The text of each section, by its title. */
function sections(list: ModelList): ReadonlyMap<string, string> {
  const all = [...list.renderRoot.querySelectorAll('section')];
  return new Map(all.map((section) => [section.querySelector('h2')?.textContent ?? '', deepText(section)]));
}

test('models of a server stand in a section of their own, without those that compute embeddings', async () => {
  const shown = sections(await show(STATES['on-server']));
  expect(shown.get('LM Studio on this computer')).toContain('gemma-4-e2b');
  const text = [...shown.values()].join(' ');
  expect(text).not.toContain('nomic');
  expect(text).not.toMatch(/\b0 parameters|undefined/);
});

test('what is sent to another computer is said once, above the models of its server, and of this computer not', async () => {
  const shown = sections(await show(STATES['on-server']));
  expect(shown.get('vLLM on llm.example:8443')?.match(/is sent to/g)).toHaveLength(1);
  expect(shown.get('LM Studio on this computer')).not.toMatch(/sent|leaves/);
});

test('a row says in words what a model is for, how it runs here, and what it can do that works', async () => {
  const list = await show({ ...STATES['first-run'], tools: [] });
  const text = deepText(list.renderRoot.querySelector('alcove-model-browser') ?? list);
  expect(text).toMatch(/Qwen3\.5 2B\s*Thinking\s*Code\s*4 languages/);
  expect(text).toContain('For everyday questions and short texts');
  expect(text).toContain('Very small: quick, and often wrong about facts.');
  // The page offers no tools.
  expect(text).not.toMatch(/Tools\s*Code/);
});

test('only a variant that is known to have run is called the best for this device', async () => {
  const gguf = { ...QWEN, id: 'qwen-gguf', engine: 'wllama', quantization: 'Q4_K_M', requiredFeatures: [] } as const;
  const compiled = {
    kind: 'huggingface',
    repo: 'a/b',
    revision: '1',
    library: { url: 'https://a.example/b.wasm' },
  } as const;
  const state = STATES['first-run'];
  const untried = await show({ ...state, models: [entry(QWEN), entry(gguf)] }, 'qwen');
  expect(deepText(untried)).not.toContain('Best for this device');
  untried.remove();
  const tried = await show({ ...state, models: [entry({ ...QWEN, source: compiled }), entry(gguf)] }, 'qwen');
  expect(deepText(tried)).toContain('Best for this device');
});
