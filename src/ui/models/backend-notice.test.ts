import { expect, test } from 'vitest';
import { deepText } from '../testing/deep-dom.ts';
import { FixtureSession } from '../testing/fixture-session.ts';
import { STATES } from '../testing/states.ts';
import { BackendNotice } from './backend-notice.ts';

async function show(name: keyof typeof STATES) {
  const session = new FixtureSession(STATES[name]);
  const notice = new BackendNotice();
  notice.session = session;
  notice.state = session.state;
  document.body.append(notice);
  await notice.updateComplete;
  const press = (label: string | RegExp) => {
    const buttons = [...notice.renderRoot.querySelectorAll('button')];
    const named = (button: HTMLElement) => button.ariaLabel ?? button.textContent?.trim() ?? '';
    const found = buttons.find((button) => named(button).match(label) !== null);
    if (found === undefined) throw new Error(`no button like ${label}: ${buttons.map(named).join(' | ')}`);
    found.click();
  };
  return { session, notice, press, text: deepText(notice) };
}

test('a change of the backend says how the model runs now, why, and offers to return', async () => {
  const { session, press, text } = await show('way-changed');
  expect(text).toContain('On the processor, 8 threads (llama.cpp)');
  expect(text).toContain('The graphics card was lost more than once.');
  press('Try the graphics card again');
  press('Got it');
  await expect.poll(() => session.calls).toEqual([['tryAgain', 'qwen'], ['dismissChange']]);
});

test('without another backend, the variant that would run is offered with its size, and no download starts by itself', async () => {
  const { session, press } = await show('way-missing');
  expect(session.calls).toEqual([]);
  press(/^Download the variant that runs here \(7\.3 MB\)$/);
  await expect.poll(() => session.calls).toEqual([['download', 'toy'], ['selectModel', 'toy'], ['dismissChange']]);
});

test('a load that crashed the page is tried again only after a question', async () => {
  const { session, press, text } = await show('load-question');
  expect(text).toContain('The page crashed while Qwen3.5 2B was loading');
  press('Load it on the processor, 8 threads');
  press('Load again');
  await expect
    .poll(() => session.calls)
    .toEqual([
      ['answer', 'other-backend'],
      ['answer', 'load'],
    ]);
});

test('a tab that does not respond, or is of another version, is replaced on request', async () => {
  for (const name of ['tab-silent', 'tab-of-other-version'] as const) {
    const { session, press } = await show(name);
    press('Take over here');
    expect(session.calls).toEqual([['takeOver']]);
  }
});
