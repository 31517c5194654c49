import { afterEach, expect, test } from 'vitest';
import { button, deepQuery, deepText, settle } from '../testing/deep-dom.ts';
import { FixtureSession } from '../testing/fixture-session.ts';
import { STATES } from '../testing/states.ts';
import { PromptsView } from './prompts-view.ts';

let view: PromptsView;
let session: FixtureSession;

async function show(): Promise<void> {
  session = new FixtureSession(STATES.ready);
  view = new PromptsView();
  view.session = session;
  document.body.append(view);
  await settle(view);
}

async function press(name: string): Promise<void> {
  button(view, name).click();
  await settle(view);
}

function fill(name: string, value: string): void {
  const input = deepQuery(view, `[name="${name}"]`);
  if (input instanceof HTMLInputElement || input instanceof HTMLTextAreaElement) input.value = value;
}

afterEach(() => view.remove());

test('a prompt is added under a name that can be typed, edited and deleted', async () => {
  await show();
  await press('Add a prompt');
  fill('name', 'Explain This');
  fill('text', 'Explain {{topic}}.');
  await press('Save');
  expect(session.state.preferences?.prompts).toMatchObject([{ name: 'explain-this', text: 'Explain {{topic}}.' }]);
  expect(deepText(view)).toContain('“/explain-this” was saved.');
  await press('Edit');
  fill('text', 'Explain {{topic}} briefly.');
  await press('Save');
  expect(session.state.preferences?.prompts).toMatchObject([{ text: 'Explain {{topic}} briefly.' }]);
  await press('Delete');
  await press('Delete');
  expect(session.state.preferences?.prompts).toEqual([]);
});
