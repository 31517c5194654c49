import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { MessageActionEvent } from '../contract/events.ts';
import { deepQuery, deepQueryAll, settle } from '../testing/deep-dom.ts';
import { FixtureSession } from '../testing/fixture-session.ts';
import { showChat } from '../testing/show-chat.ts';
import { STATES } from '../testing/states.ts';
import type { ChatView } from './chat-view.ts';

let view: ChatView;

afterEach(() => view.remove());

test.each([
  { width: 360, panel: undefined },
  { width: 800, panel: undefined },
  { width: 1200, panel: undefined },
  { width: 1200, panel: 'chat' as const },
])(
  'at $width px, with the panel $panel, a toast stands over the column, above the composer',
  async ({ width, panel }) => {
    await page.viewport(width, 740);
    view = await showChat(new FixtureSession(STATES.ready));
    if (panel !== undefined) await view.openPanel(panel);
    await settle(view);
    const composer = deepQuery(view, 'alcove-composer');
    composer.dispatchEvent(new MessageActionEvent('delete', 'a3'));
    await expect
      .poll(() => deepQueryAll(view, 'alcove-toast')[0]?.shadowRoot?.querySelector('div') ?? null)
      .not.toBeNull();
    const toast = deepQuery(view, 'alcove-toast').shadowRoot?.querySelector('div')?.getBoundingClientRect();
    const column = composer.getBoundingClientRect();
    if (toast === undefined) throw new Error('no toast');
    expect(Math.abs(toast.left + toast.right - column.left - column.right)).toBeLessThanOrEqual(2);
    expect(toast.bottom).toBeLessThanOrEqual(column.top);
    expect(toast.left).toBeGreaterThanOrEqual(0);
  },
);
