import { expect, test } from 'vitest';
import type { SessionState } from '../../session/state/session-state.ts';
import { deepText } from '../testing/deep-dom.ts';
import { DEVICE } from '../testing/fixture-models.ts';
import { FixtureSession } from '../testing/fixture-session.ts';
import { STATES } from '../testing/states.ts';
import { BackendPanel } from './backend-panel.ts';

async function show(change: Partial<SessionState> = {}) {
  const { models, ...state } = STATES['way-changed'];
  const gguf = models.flatMap((entry) =>
    entry.record.id === 'qwen'
      ? [{ ...entry, record: { ...entry.record, id: 'qwen-gguf', engine: 'wllama' as const, requiredFeatures: [] } }]
      : [],
  );
  const session = new FixtureSession({ ...state, models: [...models, ...gguf], ...change });
  const panel = new BackendPanel();
  panel.session = session;
  panel.state = session.state;
  document.body.append(panel);
  await panel.updateComplete;
  return { session, panel, text: deepText(panel) };
}

test('all backends are listed with their speed, and the one that runs is marked', async () => {
  const history = [
    {
      recordId: 'qwen-gguf',
      revision: '1',
      backend: { kind: 'threads', threadCount: 8 },
      at: 0,
      decodeTokensPerSecond: 21,
      selfTest: 'passed',
    },
    { recordId: 'qwen', revision: '1', at: 0, failure: 'device-lost' },
  ] as const;
  const { panel, text } = await show({ runtime: { ...STATES['way-changed'].runtime, history } });
  expect(panel.renderRoot.querySelectorAll('li')).toHaveLength(5);
  const now = panel.renderRoot.querySelector('[aria-current="true"]');
  expect(now?.textContent).toContain('On the processor, 8 threads (llama.cpp)');
  expect(now?.textContent).toContain('21 tokens/s');
  expect(text).toContain('The graphics card was lost more than once.');
});

test('a single thread is explained where workers have no shared memory', async () => {
  const { text } = await show({ device: { ...DEVICE, sharedMemory: false } });
  expect(text).toContain('Without it, one core does the work.');
  expect((await show()).text).not.toContain('isolated');
});

test('the user can start a measurement, see its progress, and stop it', async () => {
  const { session, panel } = await show();
  const press = () => panel.renderRoot.querySelector('button')?.click();
  press();
  panel.state = {
    ...session.state,
    runtime: { ...session.state.runtime, measuring: { modelId: 'qwen', done: 1, total: 4 } },
  };
  await panel.updateComplete;
  expect(deepText(panel)).toContain('Measuring backend 2 of 4');
  press();
  await expect.poll(() => session.calls).toEqual([['measure', 'qwen'], ['stopMeasuring']]);
});
