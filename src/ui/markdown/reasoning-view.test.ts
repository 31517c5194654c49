import { afterEach, expect, test } from 'vitest';
import { ReasoningView } from './reasoning-view.ts';

let view: ReasoningView;

async function show(text: string, streaming = true): Promise<string> {
  view = new ReasoningView();
  Object.assign(view, { text, streaming, durationMs: 2_000 });
  document.body.append(view);
  await view.updateComplete;
  return view.renderRoot.querySelector('.last')?.textContent ?? '';
}

afterEach(() => view.remove());

test('while a model thinks, the end of its thoughts is shown, without marks', async () => {
  expect(await show('First.\n**Second** thought')).toBe('Second thought');
  view.text += ' and more';
  await view.updateComplete;
  expect(view.renderRoot.querySelector('.last')?.textContent).toBe('Second thought and more');
});

test('of a long line the last words are shown', async () => {
  const words = await show(Array.from({ length: 200 }, (_, index) => `word${index}`).join(' '));
  expect(words).toMatch(/^… word\d+ .* word199$/);
  expect(words.length).toBeLessThanOrEqual(92);
});

test('what was thought is folded when it has ended', async () => {
  expect(await show('First.', false)).toBe('');
  expect(view.renderRoot.querySelector('summary')?.textContent).toBe('Thought for 2 s');
});
