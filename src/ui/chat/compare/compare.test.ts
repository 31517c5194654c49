import { afterEach, beforeAll, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { SessionState } from '../../../session/state/session-state.ts';
import { button, deepQuery, deepQueryAll, deepText, settle } from '../../testing/deep-dom.ts';
import { readingOf } from '../../testing/fixture-document.ts';
import { FixtureSession } from '../../testing/fixture-session.ts';
import { showChat } from '../../testing/show-chat.ts';
import { compared, STATES } from '../../testing/states.ts';
import type { ChatView } from '../chat-view.ts';

let view: ChatView;
let session: FixtureSession;

beforeAll(async () => {
  await import('../../markdown/answer-parts.ts');
  await import('./compare-views.ts');
});

afterEach(() => view.remove());

async function show(state: SessionState, width: number): Promise<void> {
  await page.viewport(width, 800);
  session = new FixtureSession(state);
  view = await showChat(session);
}

const columns = (): HTMLElement[] => deepQueryAll(view, '.answers > section');
const boxes = (): HTMLInputElement[] =>
  deepQueryAll(view, 'alcove-compare-panel input, label input[type="checkbox"]').filter(
    (box): box is HTMLInputElement => box instanceof HTMLInputElement,
  );

test('the menu of models leads to the choice of those to compare, and on to the message field', async () => {
  await show(STATES.empty, 800);
  deepQuery(view, '.bar .model').click();
  await expect.poll(() => deepText(view)).toContain('Compare models…');
  deepQueryAll(view, '[role="option"]')
    .find((item) => item.textContent?.includes('Compare models…'))
    ?.click();
  await expect.poll(() => boxes().map(({ checked }) => checked)).toEqual([false, true]);
  expect(button(view, 'Compare').hasAttribute('disabled')).toBe(true);
  boxes()[0]?.click();
  await settle(view);
  button(view, 'Compare 2 models').click();
  await expect.poll(() => session.calls).toEqual([['compareNext', 'qwen', 'toy']]);
  await expect.poll(() => view.shadowRoot?.activeElement?.localName).toBe('alcove-composer');
  await expect.poll(() => deepText(view)).toContain('Comparing Qwen3.5 2B and Toy');
  button(view, 'Do not compare').click();
  await expect.poll(() => deepText(view)).not.toContain('Comparing');
});

test('with one model the panel leads to all models instead', async () => {
  const models = STATES.empty.models.filter(({ record }) => record.id !== 'toy');
  await show({ ...STATES.empty, models }, 800);
  await view.openPanel('compare');
  await settle(view);
  expect(boxes()).toEqual([]);
  button(view, 'All models').click();
  await expect.poll(() => deepQueryAll(view, '[role="dialog"][aria-label="Models"]')).toHaveLength(1);
});

test.each([
  { width: 1100, beside: true },
  { width: 700, beside: false },
])('at $width px the answers are side by side: $beside', async ({ width, beside }) => {
  await show(STATES.compared, width);
  const [first, second] = columns().map((column) => column.getBoundingClientRect());
  if (first === undefined || second === undefined) throw new Error('two answers expected');
  expect(second.top < first.bottom).toBe(beside);
  expect(second.left >= first.right).toBe(beside);
});

test('each answer is a group that is named after its model, with its speed', async () => {
  await show(STATES.compared, 1200);
  expect(columns().map((column) => [column.getAttribute('role'), column.getAttribute('aria-label')])).toEqual([
    ['group', 'Qwen3.5 2B'],
    ['group', STATES.compared.models.find(({ record }) => record.id === 'toy')?.record.name],
  ]);
  expect(columns().map((column) => column.querySelector('footer .numbers')?.textContent)).toEqual([
    '23 tokens/s',
    '51 tokens/s',
  ]);
});

test('the answer that is kept selects its model, and the message field has the focus', async () => {
  await show(STATES.compared, 1200);
  deepQueryAll(view, 'section footer button')[1]?.click();
  await expect
    .poll(() => session.calls)
    .toEqual([
      ['selectModel', 'toy'],
      ['keep', 'c1'],
    ]);
  expect(view.shadowRoot?.activeElement?.localName).toBe('alcove-composer');
});

test('each answer has links to the passages that were read for it', async () => {
  const [text, read] = ['The tide rises [1].', readingOf(false)];
  await show(compared({ text, read }, { text: 'Twice a day [1].', read }, { text: 'I do not know [1].' }), 1200);
  const links = () => columns().map((column) => deepQueryAll(column, '.passage-link').length);
  await expect.poll(links).toEqual([1, 1, 0]);
  const [, second] = columns();
  if (second === undefined) throw new Error('three answers expected');
  deepQuery(second, '.passage-link').click();
  await expect.poll(() => deepQueryAll(view, 'mark').map(({ textContent }) => textContent)).toHaveLength(1);
});

test('a failed answer shows its error, one that is written can be stopped, and one that waits says for whom', async () => {
  await show(STATES.comparing, 1200);
  const [failed, written, waiting] = columns();
  if (failed === undefined || written === undefined || waiting === undefined) throw new Error('three expected');
  expect(deepQueryAll(failed, 'alcove-notice')).toHaveLength(1);
  expect(deepText(waiting)).toContain('Waiting for');
  button(written, 'Stop').click();
  await expect.poll(() => session.calls).toEqual([['stop', 'c1']]);
});
