import { readFileSync } from 'node:fs';
import type { FrameLocator, Locator, Page } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';
import { otherSites, PartitionedBrowser, serveHub } from './support/hub.ts';
import { SiteServer } from './support/site-server.ts';

const QUESTION = 'What is the capital of France?';
const ANSWER = 'The capital of France is Paris.';

let host: SiteServer;
/** Two origins of the host's server, each a site of its own; the hub's is a third. */
let sites: ReturnType<typeof otherSites>;

test.beforeEach(async ({ network }) => {
  host = await SiteServer.start({ headers: false });
  sites = otherSites(host);
  network.allow(sites.a, sites.b);
});

test.afterEach(() => host.stop());

function serveHost(site: SiteServer, body: string, path = '/'): void {
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host</title>
    <script type="module" src="${site.origin}/embed/alcove-chat.js"></script></head><body>${body}</body></html>`;
  host.serve(path, html, 'text/html');
}

function element(hub: string, attributes = ''): string {
  return `<alcove-chat hub="${hub}" model="toy-f32-GGUF" ${attributes}></alcove-chat>`;
}

/** Records what the page receives: messages to its window, messages to its ports, events of the element. */
async function recordAll(page: Page): Promise<void> {
  await page.addInitScript(() => {
    if (window.parent !== window) return;
    const received: unknown[] = [];
    const events: string[] = [];
    const codes: string[] = [];
    Object.assign(globalThis, { received, events, codes });
    addEventListener('message', ({ data }) => received.push(data));
    const { set } = Object.getOwnPropertyDescriptor(MessagePort.prototype, 'onmessage') ?? {};
    Object.defineProperty(MessagePort.prototype, 'onmessage', {
      set(this: MessagePort, listener: ((event: MessageEvent) => void) | null) {
        set?.call(this, (event: MessageEvent) => {
          received.push(event.data);
          listener?.(event);
        });
      },
    });
    const { dispatchEvent } = EventTarget.prototype;
    EventTarget.prototype.dispatchEvent = function (event) {
      if (event.type.startsWith('alcove-')) events.push(event.type);
      if (event.type === 'alcove-error') codes.push(String(Reflect.get(Reflect.get(event, 'error'), 'code')));
      return dispatchEvent.call(this, event);
    };
  });
}

function recorded(page: Page, name: 'received' | 'events' | 'codes'): Promise<readonly unknown[]> {
  return page.evaluate((key) => Reflect.get(globalThis, key) as unknown[], name);
}

async function ask(chat: Locator | FrameLocator, question: string, answer: string): Promise<void> {
  const composer = chat.getByRole('textbox', { name: 'Message' });
  await composer.fill(question);
  await composer.press('Enter');
  await expect(chat.locator('article[part~="assistant"]').last()).toContainText(answer, { timeout: 60_000 });
}

test('the chat of a hub answers in a frame, and the page around it can neither read it nor load it', async ({
  site,
  page,
}) => {
  const hub = serveHub(site, sites.a);
  serveHost(site, element(hub, 'heading="Help" instructions="Be brief."'));
  const loadedByPage: string[] = [];
  page.on('request', (request) => {
    if (request.frame() === page.mainFrame()) loadedByPage.push(new URL(request.url()).pathname);
  });
  await recordAll(page);
  await page.goto(sites.a);
  const frame = page.frameLocator('alcove-chat iframe');
  // The frame of another site may store nothing in this browser.
  await expect(frame.getByText('may not store anything in your browser')).toBeVisible();
  await frame.getByRole('button', { name: /^Download/ }).click();
  await expect(frame.getByText('Help')).toBeVisible();
  await ask(frame, QUESTION, ANSWER);
  await frame.getByText(`What ${new URL(sites.a).host} tells the model`).click();
  await expect(frame.getByText('Be brief.')).toBeVisible();
  await page.evaluate(() => document.querySelector('alcove-chat')?.setAttribute('context', 'A ferry leaves at nine.'));
  await ask(frame, 'My name is Ada.', 'Nice to meet you');
  await expect(frame.getByText(`Document: This page: ${new URL(sites.a).host}`)).toBeVisible();

  const tries = await page.evaluate(async () => {
    const chat = document.querySelector('alcove-chat');
    const inner = chat?.shadowRoot?.querySelector('alcove-hub-frame')?.shadowRoot?.querySelector('iframe');
    const codeOf = (error: unknown): unknown =>
      Reflect.get(Object(error), 'code') ?? Reflect.get(Object(error), 'name');
    const call = (name: string, target: unknown = chat): Promise<unknown> =>
      (Reflect.get(Object(target), name) as () => Promise<unknown>).call(target).catch(codeOf);
    const attempt = (read: () => unknown): unknown => {
      try {
        return read();
      } catch (error) {
        return codeOf(error);
      }
    };
    return {
      document: inner?.contentDocument ?? null,
      window: attempt(() => inner?.contentWindow?.document),
      messages: attempt(() => Reflect.get(Object(chat), 'messages')),
      value: Reflect.get(Object(chat), 'value'),
      export: await call('export'),
      send: await call('send'),
      regenerate: await call('regenerate'),
      clear: await call('clear'),
      chats: await call('list', Reflect.get(Object(chat), 'chats')),
    };
  });
  expect(tries).toEqual({
    document: null,
    window: 18,
    messages: 'hub-forbids',
    value: null,
    export: 'hub-forbids',
    send: 'hub-forbids',
    regenerate: 'hub-forbids',
    clear: 'hub-forbids',
    chats: 'hub-forbids',
  });
  const received = await recorded(page, 'received');
  expect(received.length).toBeGreaterThan(2);
  expect(JSON.stringify(received)).not.toMatch(/France|Paris|capital/);
  const events = new Set(await recorded(page, 'events'));
  expect(events).toContain('alcove-ready');
  expect(events).toContain('alcove-progress');
  expect([...events].filter((name) => /send|delta|message|stop|consent/.test(String(name)))).toEqual([]);
  expect(loadedByPage.filter((path) => /catalogue|session-|wllama|webllm|models\//.test(path))).toEqual([]);

  // The page may begin an empty chat; it cannot delete the one before.
  await page.evaluate(() =>
    (document.querySelector('alcove-chat') as unknown as { newChat(): Promise<void> }).newChat(),
  );
  await expect(frame.locator('article[part~="assistant"]')).toHaveCount(0);
});

test('the looks, the language and a text of the page are those of the chat in the hub, also when they change', async ({
  site,
  page,
}) => {
  const hub = serveHub(site, sites.a);
  serveHost(
    site,
    `<style>
      html { color-scheme: light; font-size: 20px }
      html.night { color-scheme: dark }
      alcove-chat { --alcove-accent: light-dark(#c2410c, #fb923c); --alcove-font-size: 1rem }
      @media (width < 500px) { alcove-chat { --alcove-accent: #010203 } }
    </style>${element(hub)}`,
  );
  await recordAll(page);
  await page.goto(sites.a);
  const filled = page.evaluate(() =>
    (document.querySelector('alcove-chat') as unknown as { fill(text: string): Promise<void> }).fill(
      'Where is my order?',
    ),
  );
  const frame = page.frameLocator('alcove-chat iframe');
  const chat = frame.locator('alcove-hub-chat');
  const field = frame.getByRole('textbox');
  const style = (name: string): Promise<string> =>
    chat.evaluate((node, key) => getComputedStyle(node).getPropertyValue(key), name);
  await expect.poll(() => style('--alcove-accent')).toBe('rgb(194, 65, 12)');
  expect(await style('--alcove-font-size')).toBe('20px');
  expect(await style('color-scheme')).toBe('light');
  await expect(field).toHaveValue('Where is my order?');
  await filled;

  await page.evaluate(() => document.documentElement.classList.add('night'));
  await expect.poll(() => style('--alcove-accent')).toBe('rgb(251, 146, 60)');
  await expect.poll(() => style('color-scheme')).toBe('dark');
  await page.setViewportSize({ width: 400, height: 700 });
  await expect.poll(() => style('--alcove-accent')).toBe('rgb(1, 2, 3)');

  await page.evaluate(() => document.documentElement.setAttribute('lang', 'ar'));
  await expect(frame.locator('html')).toHaveAttribute('dir', 'rtl');
  await expect(frame.getByText('This browser')).toHaveCount(0);
  // The text that the user has not sent stays.
  await expect(field).toHaveValue('Where is my order?');
  expect(await recorded(page, 'codes')).toEqual([]);
});

/** Opens a page without a chat, which records the rejections that nobody handles. */
async function openEmptyHost(page: Page, site: SiteServer): Promise<void> {
  serveHost(site, '');
  await page.addInitScript(() => {
    const rejections: string[] = [];
    Object.assign(globalThis, { rejections });
    addEventListener('unhandledrejection', ({ reason }) => rejections.push(String(reason)));
  });
  await page.goto(sites.a);
  await page.evaluate(async () => void (await customElements.whenDefined('alcove-chat')));
}

/** What the page does while its calls wait. */
type Deed = 'waits' | 'removes the element' | 'removes the frame' | 'takes the hub away';

/** Has an element load a model twice: nobody waits for the first call. @returns how the second one ends */
function endOfLoad(page: Page, hub: string, deed: Deed): Promise<unknown> {
  return page.evaluate(
    async ([address, done]) => {
      const chat = document.createElement('alcove-chat') as HTMLElement & { load(): Promise<void> };
      chat.setAttribute('hub', address);
      chat.setAttribute('model', 'toy-f32-GGUF');
      document.body.replaceChildren(chat);
      void chat.load();
      const end = chat.load().then(
        () => 'done',
        (error: Error) => (error.name === 'AbortError' ? error.name : Reflect.get(error, 'code')),
      );
      if (done === 'removes the element') chat.remove();
      if (done === 'removes the frame') {
        const frames = (): unknown =>
          chat.shadowRoot?.querySelector('alcove-hub-frame')?.shadowRoot?.querySelector('iframe');
        while (!frames()) await new Promise(requestAnimationFrame);
        chat.remove();
      }
      if (done === 'takes the hub away') {
        // The user is asked about the download.
        await new Promise((resolve) => chat.addEventListener('alcove-ready', resolve));
        chat.removeAttribute('hub');
      }
      return end;
    },
    [hub, deed] as const,
  );
}

test('whatever happens to a hub, each call ends, and the page sees no rejection that it has not made', async ({
  site,
  page,
}) => {
  const hub = serveHub(site, sites.a);
  site.serve('/page.html', '<!doctype html><p>Not a hub.</p>', 'text/html');
  site.route('/silent.html', () => {});
  await openEmptyHost(page, site);
  for (const [address, deed, end] of [
    ['/missing.html', 'waits', 'hub-unreachable'],
    ['/page.html', 'waits', 'hub-unreachable'],
    ['/silent.html', 'removes the element', 'AbortError'],
    ['/silent.html', 'removes the frame', 'AbortError'],
    [new URL(hub).pathname, 'takes the hub away', 'AbortError'],
  ] as const) {
    expect(await endOfLoad(page, site.origin + address, deed), `${address}: the page ${deed}`).toBe(end);
  }
  expect(await page.evaluate(() => Reflect.get(globalThis, 'rejections'))).toEqual([]);
});

test('what the user has typed goes along when the page names a hub', async ({ site, page }) => {
  const hub = serveHub(site, sites.a);
  serveHost(site, '<alcove-chat model="toy-f32-GGUF"></alcove-chat>');
  await page.goto(sites.a);
  await page.locator('alcove-chat').getByRole('textbox', { name: 'Message' }).fill('Where is my order?');
  await page.evaluate((address) => document.querySelector('alcove-chat')?.setAttribute('hub', address), hub);
  const frame = page.frameLocator('alcove-chat iframe');
  await expect(frame.getByRole('textbox', { name: 'Message' })).toHaveValue('Where is my order?');
});

test('the user allows one store for all sites: a model that one has downloaded is there on the next', async ({
  site,
  network,
}) => {
  const hub = serveHub(site, '*');
  serveHost(site, element(hub));
  const browser = await PartitionedBrowser.launch({ frame: site.origin, on: [sites.a, sites.b] });
  network.watch(browser.context);
  const page = await browser.context.newPage();
  await page.goto(sites.a);
  const frame = page.frameLocator('alcove-chat iframe');
  await expect(frame.getByText('One copy is kept for all sites')).toBeVisible();
  await frame.getByRole('button', { name: /^Download/ }).click();
  await ask(frame, QUESTION, ANSWER);
  const downloads = (): readonly string[] => site.requests.filter((path) => path.startsWith('/models/'));
  const before = downloads().length;
  expect(before).toBeGreaterThan(0);

  await page.goto(sites.b);
  await expect(frame.getByRole('textbox', { name: 'Message' })).toBeVisible();
  await ask(frame, 'My name is Ada.', 'Ada');
  // The hub's own page has it too; the chats are apart.
  await page.goto(site.origin);
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeVisible();
  await ask(page.locator('alcove-app'), QUESTION, ANSWER);
  expect(downloads()).toHaveLength(before);
  await browser.close();
});

test('without a permission the browser keeps a store for each site, and the chat says so', async ({
  site,
  network,
}) => {
  const hub = serveHub(site, '*');
  serveHost(site, element(hub));
  const browser = await PartitionedBrowser.launch();
  network.watch(browser.context);
  const page = await browser.context.newPage();
  await page.goto(sites.a);
  const frame = page.frameLocator('alcove-chat iframe');
  await expect(frame.getByText('separate copy for each site that shows this chat, unless')).toBeVisible();
  // Chromium refuses without a question: the user has never visited the hub itself.
  await frame.getByRole('button', { name: 'Share models between sites' }).click();
  await expect(frame.getByText('on another site it is downloaded again')).toBeVisible();
  await frame.getByRole('button', { name: /^Download/ }).click();
  await expect(frame.getByRole('textbox', { name: 'Message' })).toBeVisible();
  await page.goto(sites.b);
  await expect(frame.getByRole('button', { name: /^Download/ })).toBeVisible();
  await browser.close();
});

test('a page that the hub does not list, or that another page frames, gets a message and an error event', async ({
  site,
  page,
}) => {
  const hub = serveHub(site, sites.a);
  serveHost(site, element(hub));
  host.serve('/frames', `<iframe width="800" height="600" src="${sites.a}/"></iframe>`, 'text/html');
  await recordAll(page);
  await page.goto(sites.b);
  await expect(
    page.locator('alcove-chat').getByText(`Its operator has not allowed ${sites.b} to show it.`),
  ).toBeVisible();
  await expect.poll(() => recorded(page, 'codes')).toEqual(['hub-refuses-page']);
  await page.goto(`${sites.b}/frames`);
  await expect(page.frameLocator('iframe').getByText('The chat is not available on this site')).toBeVisible();
  // Opened in a tab, and as it is shipped.
  await page.goto(hub);
  await expect(page.getByText('This page shows the chat on other sites')).toBeVisible();
  serveHub(site, '');
  await page.goto(sites.a);
  await expect(page.locator('alcove-chat').getByText('The chat is not available on this site')).toBeVisible();
});

test('an address without a hub is an error event: missing, another page, a redirect to another origin, this origin', async ({
  site,
  page,
}) => {
  const other = `${sites.b}/hub.html`;
  serveHub(site, '*');
  site.serve('/page.html', '<!doctype html><p>Not a hub.</p>', 'text/html');
  site.route('/moved.html', (_, response) => response.writeHead(302, { Location: other }).end());
  const hubs = ['missing.html', 'page.html', 'moved.html'].map((name) => `${site.origin}/${name}`);
  serveHost(site, [...hubs, `${sites.a}/own.html`].map((hub) => element(hub)).join(''));
  await recordAll(page);
  await page.goto(sites.a);
  await expect
    .poll(() => recorded(page, 'codes').then((codes) => [...codes].sort()), { timeout: 30_000 })
    .toEqual(['attribute-invalid', 'hub-unreachable', 'hub-unreachable', 'hub-unreachable']);
  await expect(page.locator('alcove-chat').getByText('The chat cannot be reached')).toHaveCount(4);
  // The page's own chat is not shown in its place.
  await expect(page.locator('alcove-chat textarea, alcove-chat [part="download"]')).toHaveCount(0);
});

/** The blocks of a section of a guide, in order. */
function blocksOf(guide: string, section: string): readonly string[] {
  const text = readFileSync(new URL(`../docs/${guide}`, import.meta.url), 'utf8');
  const part = text.split(/^## /m).find((one) => one.startsWith(section)) ?? '';
  return [...part.matchAll(/```\w+\n([^`]+)```/g)].map(([, block = '']) => block.trim());
}

test('the example of the guide works as printed: the tag, the policy of the page, the list and the header of the hub', async ({
  site,
  page,
}) => {
  const [tag = '', policy = ''] = blocksOf('embedding.md', 'A hub');
  const [list = '', header = ''] = blocksOf('hosting.md', 'A hub').map((block) =>
    block.replace('https://shop.example', sites.a),
  );
  const pages = /content="([^"]+)"/.exec(list)?.[1] ?? '';
  serveHub(site, pages, header.replace(/^Content-Security-Policy: /, ''));
  const printed = (text: string): string => text.replaceAll('https://your-alcove.example', site.origin);
  host.route('/', (_, response) => {
    response.writeHead(200, {
      'Content-Type': 'text/html',
      'Content-Security-Policy': `default-src 'none'; ${printed(policy).replaceAll('\n', ' ')}`,
    });
    response.end(
      `<!doctype html><html lang="en"><title>Host</title>${printed(tag).replace('Qwen3.5-0.8B-q4f16_1-MLC', 'toy-f32-GGUF')}`,
    );
  });
  await recordAll(page);
  await page.goto(sites.a);
  const frame = page.frameLocator('alcove-chat iframe');
  await frame.getByRole('button', { name: /^Download/ }).click();
  await ask(frame, QUESTION, ANSWER);
  expect(await recorded(page, 'codes')).toEqual([]);
  // The header keeps other pages from loading it at all.
  await page.goto(sites.b);
  await expect.poll(() => recorded(page, 'codes'), { timeout: 30_000 }).toEqual(['hub-unreachable']);
});

test('a page that attacks the hub gets refusals, and the user keeps the chat', async ({ site, page }) => {
  const hub = serveHub(site, sites.a);
  serveHost(site, '');
  await page.goto(sites.a);
  const replies = await page.evaluate(async (address) => {
    const frame = document.body.appendChild(document.createElement('iframe'));
    frame.width = '800';
    frame.height = '600';
    frame.src = address;
    await new Promise((resolve) => frame.addEventListener('load', resolve));
    const { origin } = new URL(address);
    const send = (data: unknown, ports = 1): MessagePort => {
      const channels = Array.from({ length: ports }, () => new MessageChannel());
      frame.contentWindow?.postMessage(
        data,
        origin,
        channels.map(({ port2 }) => port2),
      );
      return channels[0]?.port1 ?? new MessageChannel().port1;
    };
    const next = (port: MessagePort): Promise<Record<string, unknown>> =>
      new Promise((resolve) => {
        port.onmessage = ({ data }) => resolve(data);
      });
    const connect = { type: 'alcove-hub-connect', versions: [1], nonce: crypto.randomUUID() };
    for (const garbage of [null, 'x', 7, { type: 'alcove-hub-connect' }, new Blob(['x'])]) send(garbage);
    send(connect, 0);
    send(connect, 2);
    const port = send(connect);
    const accepted = await next(port);
    const again = await next(send(connect));
    const settings = { model: 'toy-f32-GGUF', heading: 'Still here', catalogue: 'https://evil.example/catalogue.json' };
    port.postMessage({ type: 'configure', settings });
    for (let callId = 0; callId < 3_000; callId += 1) port.postMessage({ type: 'call', callId, call: 'focus' });
    let last = await next(port);
    while (last['type'] !== 'end') last = await next(port);
    return [accepted['type'], again['reason'], last['reason']];
  }, hub);
  expect(replies).toEqual(['accepted', 'connected', 'flood']);
  const frame = page.frameLocator('iframe');
  await frame.getByRole('button', { name: /^Download/ }).click();
  await expect(frame.getByText('Still here')).toBeVisible();
  await expect(frame.getByRole('textbox', { name: 'Message' })).toBeVisible();
});
