import { afterEach, expect, test } from 'vitest';
import { findBrowserRecord } from '../../engine/browser/browser-record.ts';
import { languageModelDouble } from '../../engine/browser/testing/language-model-double.ts';
import type { SessionState } from '../../session/state/session-state.ts';
import { ModelActionEvent } from '../contract/events.ts';
import { deepText, settle } from '../testing/deep-dom.ts';
import { STATES } from '../testing/states.ts';
import { isFirstRun } from './model-labels.ts';
import { ModelList } from './model-list.ts';

afterEach(() => document.querySelector('alcove-model-list')?.remove());

async function withBrowserModel(availability: 'available' | 'downloadable', brand: string): Promise<SessionState> {
  const LanguageModel = languageModelDouble({ availability });
  const record = await findBrowserRecord({ LanguageModel }, { brands: [{ brand }] });
  if (record === undefined) throw new Error('the browser has no model');
  const weights = { status: 'stored', sizeBytes: 0, lastUsedAt: undefined } as const;
  const state = STATES['first-run'];
  return { ...state, models: [{ record, fit: { status: 'runs-elsewhere' }, weights }, ...state.models] };
}

async function show(state: SessionState): Promise<ModelList> {
  const list = new ModelList();
  list.state = state;
  document.body.append(list);
  await settle(list);
  return list;
}

test('the browser’s own model has a section, says what it is, and is chosen by a button', async () => {
  const state = await withBrowserModel('downloadable', 'Google Chrome');
  const list = await show(state);
  const section = [...list.renderRoot.querySelectorAll('section')].find((each) =>
    each.querySelector('h2')?.textContent?.includes('With this browser'),
  );
  if (section === undefined) throw new Error('no section');
  const text = deepText(section);
  expect(text).toContain('Gemini Nano');
  expect(text).toContain('From Google, with this browser: not open weights. The browser downloads it');
  expect(text).not.toMatch(/server|parameters|0 bytes|undefined/i);
  const asked: unknown[] = [];
  list.addEventListener(ModelActionEvent.eventName, (event) => asked.push(event));
  const [button] = [...section.querySelectorAll('alcove-model-card')].flatMap((card) => [
    ...card.renderRoot.querySelectorAll('button'),
  ]);
  button?.click();
  expect(asked).toMatchObject([{ action: 'chat', modelId: 'browser-built-in' }]);
});

test('where the browser does not tell which model it is, nothing is claimed of it', async () => {
  const list = await show(await withBrowserModel('available', 'Microsoft Edge'));
  const text = deepText(list);
  expect(text).toContain('Built-in model');
  expect(text).toContain('does not tell a page which model it is');
  expect(text).toContain('there is nothing to download');
  expect(text).not.toContain('Gemini');
});

test('a browser with a model still has the page of the first run, until the user has chosen it', async () => {
  const state = await withBrowserModel('available', 'Google Chrome');
  expect(isFirstRun(state)).toBe(true);
  expect(isFirstRun({ ...state, selectedModelId: 'browser-built-in' })).toBe(false);
});
