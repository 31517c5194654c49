import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { button, deepQuery, deepQueryAll, deepText, settle } from '../../testing/deep-dom.ts';
import { REPORT_HASH, readingOf } from '../../testing/fixture-document.ts';
import { FixtureSession } from '../../testing/fixture-session.ts';
import { showChat } from '../../testing/show-chat.ts';
import { answered, STATES } from '../../testing/states.ts';
import type { ChatView } from '../chat-view.ts';

let view: ChatView;

afterEach(() => view.remove());

async function show(state = STATES['documents-read']): Promise<FixtureSession> {
  await page.viewport(1100, 700);
  const session = new FixtureSession(state);
  view = await showChat(session);
  return session;
}

const LINK = '.passage-link';

test('a number in an answer leads to the document beside the chat, at that page, with the passage marked', async () => {
  await show();
  await expect.poll(() => deepQueryAll(view, LINK)).toHaveLength(1);
  const link = deepQuery(view, LINK);
  expect(link.getAttribute('aria-label')).toBe('Passage 1: report.pdf, page 2');
  link.focus();
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => deepQueryAll(view, 'mark')).toHaveLength(1);
  expect(deepQuery(view, 'mark').textContent).toBe('The tide rises twice a day, at most by four metres.');
  expect(deepText(view)).toContain('Page 2 of 3');
  expect(deepQuery(view, '.foot').inert).toBe(false);
  button(view, 'Next page').click();
  await expect.poll(() => deepText(view)).toContain('The lights on the pier');
  button(view, 'Close').click();
  await settle(view);
  await expect.poll(() => link.matches(':focus')).toBe(true);
});

test('a quote that is in no passage is marked, for eyes and for screen readers, and one that is there is not', async () => {
  await show();
  await expect.poll(() => deepQueryAll(view, '.not-found')).toHaveLength(1);
  const mark = deepQuery(view, '.not-found');
  expect(mark.textContent).toBe('“more than once a week”');
  expect(mark.title).toBe('Not found in the document');
  expect(mark.nextElementSibling?.textContent).toBe(' (Not found in the document)');
});

test('code, links, short words and numbers of no passage stay as they are', async () => {
  await show(
    answered({
      text: 'See `a[1]`, [1](https://a.example/), [7] and “tide”.\n\n    "code that is not in it"\n\n“rises `twice` a *day, at most* by” [1]',
      read: readingOf(true),
    }),
  );
  await expect.poll(() => deepQueryAll(view, LINK)).toHaveLength(1);
  expect(deepQueryAll(view, '.not-found')).toEqual([]);
  expect(deepText(view)).toContain('[7]');
});

test('an answer says what was read for it, and leads to each passage with page, score and tokens', async () => {
  await show();
  await expect.poll(() => deepText(view)).toContain('1 passage of report.pdf was read');
  button(view, '1 passage of report.pdf was read').click();
  await expect.poll(() => deepText(view)).toContain('page 2 · ≈ 32 tokens · score 7');
  deepQuery(view, '.passage').click();
  await expect.poll(() => deepQueryAll(view, 'mark')).toHaveLength(1);
  button(view, 'All passages that were read').click();
  await expect.poll(() => deepQueryAll(view, '.passage')).toHaveLength(1);
});

test('a document that was read as a whole says so, and one that is gone cannot be shown', async () => {
  const session = await show(answered({ text: 'So [1].', read: readingOf(true) }));
  await expect.poll(() => deepText(view)).toContain('All 3 pages of report.pdf were read');
  session.documents.delete(REPORT_HASH);
  deepQuery(view, LINK).click();
  await expect.poll(() => deepText(view)).toContain('The file is no longer on this device');
});

test('an answer without documents loads and marks nothing', async () => {
  await show(answered({ text: 'So it is [1], “as nobody has said”.' }));
  await settle(view);
  expect(deepQueryAll(view, 'alcove-what-was-read')).toEqual([]);
  expect(deepQueryAll(view, `${LINK}, .not-found`)).toEqual([]);
});
