import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { serverRecords } from '../../../models/catalogue/custom-server.ts';
import type { ServerKind } from '../../../models/model-record.ts';
import { AlcoveError } from '../../../platform/errors.ts';
import type { PickedFile } from '../../../session/models/custom-models.ts';
import type { ModelEntry, SessionState } from '../../../session/state/session-state.ts';
import type { ChatView } from '../../chat/chat-view.ts';
import { button, deepQuery, deepQueryAll, deepText, settle } from '../../testing/deep-dom.ts';
import { FixtureSession } from '../../testing/fixture-session.ts';
import { showChat } from '../../testing/show-chat.ts';
import { STATES } from '../../testing/states.ts';
import './model-picker.ts';

let view: ChatView;
let session: FixtureSession;

async function open(state: SessionState = STATES.empty): Promise<void> {
  await page.viewport(800, 700);
  session = new FixtureSession(state);
  view = await showChat(session);
  await openMenu();
}

async function openMenu(): Promise<void> {
  deepQuery(view, '.bar .model').click();
  await expect.poll(() => deepQueryAll(view, '[role="option"]').length).toBeGreaterThan(0);
}

const options = (): string[] => deepQueryAll(view, '[role="option"]').map((item) => item.textContent?.trim() ?? '');
const groups = (): (string | null)[] =>
  deepQueryAll(view, '[role="group"][aria-label]')
    .filter((group) => group.closest('[role="listbox"]') !== null)
    .map((group) => group.getAttribute('aria-label'));

function served(baseUrl: string, kind: ServerKind, ...names: readonly string[]): ModelEntry[] {
  const models = names.map((name) => ({ name, contextWindow: undefined }));
  return serverRecords({ id: baseUrl, baseUrl, kind, hasKey: false, models, listedAt: 1 }).map((record) => ({
    record,
    fit: { status: 'runs-elsewhere' },
    weights: { status: 'stored', sizeBytes: 0, lastUsedAt: undefined },
  }));
}

afterEach(() => view.remove());

test('the menu of the header lists what can answer now, by where it is, and the ways to more', async () => {
  await open({
    ...STATES.empty,
    models: [
      ...STATES.empty.models,
      ...served('http://localhost:1234/v1', 'lm-studio', 'gemma-3'),
      ...served('https://llm.example:8443/v1', 'vllm', 'Llama 4 Scout'),
    ],
  });
  expect(groups()).toEqual(['On this device', 'LM Studio on this computer', 'vLLM on llm.example:8443', 'More']);
  expect(options().join('|')).toMatch(
    /Toy, to try the app.*Qwen3\.5 2B.*\|gemma-3\|Llama 4 Scout\|Compare models…\|All models…$/s,
  );
  expect(deepText(view)).not.toContain('Open a file…');
});

test('the keyboard finds a model and chooses it, and the focus is back at the button', async () => {
  await open();
  await userEvent.keyboard('qwen');
  await expect.poll(() => options()[0]).toMatch(/^Qwen3\.5 2B/);
  await userEvent.keyboard('{Enter}');
  expect(session.calls).toEqual([['selectModel', 'qwen']]);
  await expect.poll(() => deepQueryAll(view, 'alcove-model-picker')).toEqual([]);
  expect(view.shadowRoot?.activeElement?.matches('.model')).toBe(true);
});

test('arrow keys go around, and Escape closes the menu alone', async () => {
  await open();
  await userEvent.keyboard('{ArrowUp}');
  expect(deepQuery(view, '[aria-selected="true"]').textContent).toContain('All models…');
  let isOutside = false;
  view.addEventListener('keydown', () => {
    isOutside = true;
  });
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => deepQueryAll(view, 'alcove-model-picker')).toEqual([]);
  expect(isOutside).toBe(false);
});

test('“All models…” opens the panel, or the page where the app has one', async () => {
  await open();
  await userEvent.keyboard('all models{ArrowUp}{Enter}');
  await expect.poll(() => deepQueryAll(view, '[role="dialog"][aria-label="Models"]')).toHaveLength(1);
  button(view, 'Close').click();
  await settle(view);
  let asked = 0;
  view.options = {
    onAllModels: () => {
      asked += 1;
    },
  };
  await openMenu();
  await userEvent.keyboard('{ArrowUp}{Enter}');
  expect(asked).toBe(1);
});

test('a file on the disk that the browser has closed is offered to be opened again', async () => {
  const models = STATES.empty.models.map((entry): ModelEntry => {
    if (entry.record.id !== 'qwen') return entry;
    return { ...entry, weights: { status: 'closed', error: new AlcoveError('file-permission', 'ask') } };
  });
  await open({ ...STATES.empty, models });
  await userEvent.keyboard('qwen');
  await expect.poll(() => options()[0]).toMatch(/^Qwen3\.5 2B\s+Open it again$/);
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => session.calls).toEqual([['reopen', 'qwen']]);
});

test('a file can be opened only where the page takes files', async () => {
  await open();
  const taken: (readonly PickedFile[])[] = [];
  await userEvent.keyboard('{Escape}');
  await settle(view);
  view.options = { onModelFiles: (files) => void taken.push(files) };
  await openMenu();
  expect(options()).toContain('Open a file…');
});
