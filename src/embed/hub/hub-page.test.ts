/** The hub's page in the frame: what it shows, and what it tells the page around it. */
import { afterEach, expect, test } from 'vitest';
import { deepQuery, deepQueryAll, deepText } from '../../ui/testing/deep-dom.ts';
import './hub-page.ts';
import type { HubPage } from './hub-page.ts';
import type { HubSettings, PageMessage } from './hub-protocol.ts';
import { PageConnection } from './page-connection.ts';

const PAGE = 'https://shop.example';
const SETTINGS: HubSettings = { model: 'toy-f32-GGUF', history: 'path:/help', lang: 'en' };

afterEach(() => {
  document.body.replaceChildren();
  document.title = '';
  document.documentElement.lang = 'en';
  delete document.documentElement.dataset['theme'];
});

interface Page {
  readonly hub: HubPage;
  readonly received: Record<string, unknown>[];
  say(message: PageMessage): void;
}

/** The hub's page, with a port of the page around it. */
function serve(origin = PAGE): Page {
  const { port1, port2 } = new MessageChannel();
  const received: Record<string, unknown>[] = [];
  port1.onmessage = ({ data }) => received.push(data);
  const hub = document.body.appendChild(document.createElement('alcove-hub-page'));
  hub.serve(new PageConnection(port2, origin));
  return { hub, received, say: (message) => port1.postMessage(message) };
}

function configure({ say }: Page, settings: HubSettings): void {
  say({ type: 'configure', settings });
}

test('the user sees whose page this is and what it tells the model, and the page hears which model is there', async () => {
  const page = serve();
  expect(deepQueryAll(page.hub, 'alcove-hub-chat')).toEqual([]);
  configure(page, { ...SETTINGS, instructions: 'Praise our boats.', context: 'Boats for sale.', theme: 'dark' });
  await expect.poll(() => deepText(page.hub)).toContain('shop.example shows this chat and cannot read it.');
  expect(deepQuery(page.hub, 'details').textContent).toContain('Praise our boats.');
  const [chat] = deepQueryAll(page.hub, 'alcove-hub-chat');
  expect(chat).toMatchObject({
    model: 'toy-f32-GGUF',
    context: 'Boats for sale.',
    history: 'hub https://shop.example path:/help',
    layout: 'full',
  });
  expect(document.title).toBe('shop.example');
  expect(document.documentElement.dataset['theme']).toBe('dark');
  await expect.poll(() => page.received).toEqual([{ type: 'ready', modelId: 'toy-f32-GGUF' }]);

  // What the page no longer sets is no longer there.
  configure(page, { lang: 'en' });
  await expect.poll(() => deepQueryAll(page.hub, 'details').length).toBe(0);
  expect(chat).toMatchObject({ model: undefined, context: undefined, history: 'hub https://shop.example' });
});

test('the looks of the page are those of the chat, and of nothing that the hub says about the page', async () => {
  const page = serve();
  const looks = { '--alcove-accent': 'rgb(1, 2, 3)', '--alcove-text-muted': 'rgb(4, 5, 6)' };
  configure(page, { ...SETTINGS, looks });
  await expect.poll(() => deepQueryAll(page.hub, 'alcove-hub-chat').length).toBe(1);
  const read = (selector: string, name: string): string =>
    getComputedStyle(deepQuery(page.hub, selector)).getPropertyValue(name);
  await expect.poll(() => read('alcove-hub-chat', '--alcove-accent')).toBe('rgb(1, 2, 3)');
  expect(read('.site', '--alcove-accent')).toBe('');
  expect(read('.site', 'color')).not.toBe('rgb(4, 5, 6)');
  configure(page, { ...SETTINGS, looks: { '--alcove-accent': 'rgb(7, 8, 9)' } });
  await expect.poll(() => read('alcove-hub-chat', '--alcove-accent')).toBe('rgb(7, 8, 9)');
  expect(read('alcove-hub-chat', '--alcove-text-muted')).toBe('');
});

test('the hub has the language of the page, and its direction', async () => {
  const page = serve();
  configure(page, { ...SETTINGS, lang: 'ar' });
  await expect.poll(() => document.documentElement.dir).toBe('rtl');
  await expect.poll(() => deepQuery(page.hub, '.site').textContent).not.toContain('shows this chat');
  configure(page, SETTINGS);
  await expect.poll(() => document.documentElement.dir).toBe('ltr');
  await expect.poll(() => deepQuery(page.hub, '.site').textContent).toContain('shows this chat');
});

test('a text of the page goes into the message field, below what is there, and the page hears nothing of either', async () => {
  const page = serve();
  configure(page, SETTINGS);
  page.say({ type: 'call', callId: 1, call: 'fill', text: 'Where is my order?' });
  const draft = (): unknown => deepQueryAll(page.hub, 'textarea').map((field) => Reflect.get(field, 'value'));
  await expect.poll(draft).toEqual(['Where is my order?']);
  page.say({ type: 'call', callId: 2, call: 'fill', text: 'It has number 7.' });
  await expect.poll(draft).toEqual(['Where is my order?\n\nIt has number 7.']);
  expect(JSON.stringify(page.received)).not.toContain('order');
});

test('a call ends with a result that has no more than a code', async () => {
  const page = serve();
  page.say({ type: 'call', callId: 1, call: 'newChat' });
  configure(page, { ...SETTINGS, model: 'nobody-knows' });
  page.say({ type: 'call', callId: 2, call: 'load' });
  const results = (): unknown[] => page.received.filter(({ type }) => type === 'result');
  await expect.poll(results).toEqual([
    { type: 'result', callId: 1 },
    { type: 'result', callId: 2, code: 'model-unknown' },
  ]);
});

test('Escape closes what can be closed, and only that', async () => {
  const page = serve();
  const closes = (): number => page.received.filter(({ type }) => type === 'close').length;
  const press = (): boolean =>
    deepQuery(page.hub, 'alcove-hub-chat').dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true, cancelable: true }),
    );
  configure(page, SETTINGS);
  await expect.poll(() => page.received.length).toBe(1);
  expect(press()).toBe(true);
  configure(page, { ...SETTINGS, canClose: true });
  await expect.poll(() => deepQuery(page.hub, 'alcove-hub-chat')).toHaveProperty('layout', 'panel');
  expect(press()).toBe(false);
  await expect.poll(closes).toBe(1);
});

test('a page of no origin has no history', async () => {
  const page = serve('null');
  configure(page, SETTINGS);
  await expect.poll(() => deepQueryAll(page.hub, 'alcove-hub-chat').length).toBe(1);
  await expect.poll(() => deepQuery(page.hub, 'alcove-hub-chat')).toHaveProperty('history', 'none');
});

test.each([
  ['alone', 'This page shows the chat on other sites'],
  ['refused', 'Its operator has not allowed https://shop.example to show it.'],
  ['outdated', 'They are of different versions.'],
] as const)('without a page it says why: %s', async (status, words) => {
  const hub = document.body.appendChild(document.createElement('alcove-hub-page'));
  hub.refuse(status, PAGE);
  await expect.poll(() => deepText(hub)).toContain(words);
  expect(deepQueryAll(hub, 'alcove-hub-chat')).toEqual([]);
});
