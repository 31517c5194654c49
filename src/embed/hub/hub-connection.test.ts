/** Both sides of the protocol, over real ports: what they agree on, and what neither does for the other. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AlcoveError } from '../../platform/errors.ts';
import { HubClient, type HubNews } from './hub-client.ts';
import { type ConnectReply, connectMessage, type HubMessage, type PageMessage, type Refusal } from './hub-protocol.ts';
import { awaitPage, type PageConnection } from './page-connection.ts';

const HUB = new URL('https://hub.example/hub.html');
const PAGE = 'https://shop.example';

/** The hub's window, with what has come of a page. */
class Hub {
  readonly window = new EventTarget();
  readonly connections: PageConnection[] = [];
  readonly heard: PageMessage[] = [];
  readonly refused: [Refusal, string][] = [];

  constructor({
    pages = [PAGE],
    ancestors = [PAGE],
  }: { pages?: readonly string[]; ancestors?: readonly string[] } = {}) {
    awaitPage(
      { window: this.window, parent: window, ancestors, allows: (origin) => pages.includes(origin) },
      (connection) => {
        this.connections.push(connection);
        connection.start((message) => this.heard.push(message));
      },
      (reason, origin) => this.refused.push([reason, origin]),
    );
  }

  /** Delivers a message as the browser does for the window around the frame, or as an attacker would like it to. */
  deliver(data: unknown, ports: MessagePort[], from: { origin?: string; source?: MessageEventSource } = {}): void {
    const { origin = PAGE, source = window } = from;
    this.window.dispatchEvent(new MessageEvent('message', { data, origin, source, ports }));
  }

  get frame(): Pick<Window, 'postMessage'> {
    return frameOf((data, port) => this.deliver(data, [port]));
  }
}

/** A frame whose document does this with the first message; the browser has checked its origin. */
function frameOf(onConnect: (data: unknown, port: MessagePort) => void): Pick<Window, 'postMessage'> {
  const postMessage = (data: unknown, targetOrigin: unknown, [port]: Transferable[] = []): void => {
    expect(targetOrigin).toBe(HUB.origin);
    if (port instanceof MessagePort) onConnect(structuredClone(data), port);
  };
  return { postMessage };
}

let client: HubClient;
let news: HubNews[];
let errors: AlcoveError[];
const uncaught: unknown[] = [];

beforeEach(() => {
  news = [];
  errors = [];
  client = clientWith({});
});

afterEach(async () => {
  client.dispose();
  await new Promise((resolve) => setTimeout(resolve));
  expect(uncaught.splice(0)).toEqual([]);
});

addEventListener('unhandledrejection', ({ reason }) => uncaught.push(reason));

function clientWith(options: { replyLimitMs?: number }): HubClient {
  return new HubClient({
    hub: HUB,
    onNews: (message) => news.push(message),
    onState: (error) => {
      if (error !== undefined) errors.push(error);
    },
    ...options,
  });
}

async function connected(hub = new Hub()): Promise<Hub> {
  client.connect(hub.frame);
  await expect.poll(() => client.state).toBe('connected');
  return hub;
}

/** Sends the hub a first message of ours, and resolves with its answer. */
async function answerTo(
  hub: Hub,
  data: unknown,
  from?: { origin?: string },
): Promise<{ reply: unknown; port: MessagePort }> {
  const { port1, port2 } = new MessageChannel();
  const reply = new Promise((resolve) => {
    port1.onmessage = (event) => resolve(event.data);
  });
  hub.deliver(data, [port2], from);
  return { reply: await reply, port: port1 };
}

test('the page configures the hub and hears from it; a call waits for the hub and ends with its result', async () => {
  client.configure({ model: 'toy' });
  const load = client.call('load');
  const hub = await connected();
  await expect
    .poll(() => hub.heard)
    .toEqual([
      { type: 'configure', settings: { model: 'toy' } },
      { type: 'call', callId: 0, call: 'load' },
    ]);
  const [connection] = hub.connections;
  connection?.send({ type: 'ready', modelId: 'toy' });
  connection?.send({ type: 'result', callId: 0 });
  await load;
  expect(news).toEqual([{ type: 'ready', modelId: 'toy' }]);

  const fill = client.call('fill', 'Hello?');
  await expect.poll(() => hub.heard[2]).toEqual({ type: 'call', callId: 1, call: 'fill', text: 'Hello?' });
  connection?.send({ type: 'result', callId: 1 });
  await fill;

  // Only what has changed is sent; a failure comes as its code, and a cancel as what it is.
  client.configure({ model: 'toy' });
  client.configure({ model: 'other' });
  const calls = [client.call('load'), client.call('load')].map((call) => call.catch((error: unknown) => error));
  await expect.poll(() => hub.heard.length).toBe(6);
  connection?.send({ type: 'result', callId: 2, code: 'engine-crashed' });
  connection?.send({ type: 'result', callId: 3, code: 'cancelled' });
  expect(await Promise.all(calls)).toMatchObject([{ code: 'engine-crashed' }, { name: 'AbortError' }]);
});

test('a hub hears no window but the one around it, and no message that is not the first of the protocol', async () => {
  const hub = new Hub();
  const message = connectMessage(crypto.randomUUID());
  const { port1, port2 } = new MessageChannel();
  hub.deliver(message, [port1], { source: port2 });
  hub.deliver(message, []);
  hub.deliver(message, [port1, port2]);
  hub.deliver({ ...message, nonce: 'guess' }, [port1]);
  for (const data of ['alcove-hub-connect', null, [], { type: 'alcove-hub-connect' }]) hub.deliver(data, [port1]);
  expect(hub.connections).toEqual([]);
  expect(hub.refused).toEqual([]);
  await connected(hub);
});

test('a page that is not on the list is refused, also as the page around one that is', async () => {
  client.connect(new Hub({ pages: [] }).frame);
  await expect.poll(() => errors).toMatchObject([{ code: 'hub-refuses-page', data: { hub: HUB.href } }]);
  await expect(client.call('load')).rejects.toBe(errors[0]);

  const framed = new Hub({ ancestors: [PAGE, 'https://evil.example'] });
  client.connect(framed.frame);
  await expect.poll(() => errors.length).toBe(2);
  expect(framed.refused).toEqual([['host', 'https://evil.example']]);
  expect(framed.connections).toEqual([]);
});

test('a first message that is sent again connects nobody, and leaves the connection as it is', async () => {
  const hub = new Hub();
  const message = connectMessage(crypto.randomUUID());
  const first = await answerTo(hub, message);
  expect(first.reply).toEqual({ type: 'accepted', nonce: message.nonce, version: 1 });
  for (const again of [message, connectMessage(crypto.randomUUID())]) {
    const { reply } = await answerTo(hub, again);
    expect(reply).toEqual({ type: 'refused', nonce: again.nonce, reason: 'connected' });
  }
  first.port.postMessage({ type: 'call', callId: 1, call: 'focus' } satisfies PageMessage);
  await expect.poll(() => hub.heard).toEqual([{ type: 'call', callId: 1, call: 'focus' }]);
  expect(hub.connections).toHaveLength(1);
  expect(hub.refused).toEqual([]);
});

test('a page of another version is refused by the hub, and a hub of another version by the page', async () => {
  const hub = new Hub();
  const { reply } = await answerTo(hub, { ...connectMessage(crypto.randomUUID()), versions: [2, 3] });
  expect(reply).toMatchObject({ type: 'refused', reason: 'version' });
  expect(hub.refused).toEqual([['version', PAGE]]);

  client.connect(answering(({ nonce }) => ({ type: 'refused', nonce, reason: 'version' })));
  await expect.poll(() => errors).toMatchObject([{ code: 'hub-version-unknown' }]);
  client.connect(answering(({ nonce }) => ({ type: 'accepted', nonce, version: 2 })));
  await expect.poll(() => errors.at(-1)).toMatchObject({ code: 'hub-unreachable' });
});

function answering(answer: (message: { readonly nonce: string }) => ConnectReply): Pick<Window, 'postMessage'> {
  return frameOf((data, port) => port.postMessage(answer(data as { nonce: string })));
}

test('a frame that does not answer, or not with the nonce, is no hub; a frame that loads again may be one', async () => {
  client = clientWith({ replyLimitMs: 5 });
  client.connect(frameOf(() => {}));
  await expect.poll(() => errors).toMatchObject([{ code: 'hub-unreachable' }]);
  await expect(client.call('focus')).rejects.toBe(errors[0]);
  client.dispose();

  client = clientWith({});
  client.connect(answering(() => ({ type: 'accepted', nonce: crypto.randomUUID(), version: 1 })));
  await expect.poll(() => errors.length).toBe(2);
  client.expectFrame();
  expect(client.state).toBe('loading');
  await connected();
  expect(client.error).toBeUndefined();
});

test.each([
  ['invalid', (port: { postMessage(data: unknown): void }) => port.postMessage({ type: 'messages' })],
  ['invalid', (port: { postMessage(data: unknown): void }) => port.postMessage('x'.repeat(1_000_000))],
  [
    'flood',
    (port: { postMessage(data: unknown): void }) => {
      for (let callId = 0; callId < 3_000; callId += 1) port.postMessage({ type: 'call', callId, call: 'focus' });
    },
  ],
])('a page that sends garbage or floods the hub is not heard any more: %s', async (reason, attack) => {
  const hub = new Hub();
  const { port } = await answerTo(hub, connectMessage(crypto.randomUUID()));
  const received: unknown[] = [];
  port.onmessage = ({ data }) => received.push(data);
  attack(port);
  await expect.poll(() => received).toEqual([{ type: 'end', reason }]);
  const heard = hub.heard.length;
  expect(heard).toBeLessThan(1_000);
  port.postMessage({ type: 'call', callId: 1, call: 'focus' });
  await new Promise((resolve) => setTimeout(resolve));
  expect(hub.heard).toHaveLength(heard);
});

test('a hub that sends garbage or floods the page is not heard any more, and open calls end', async () => {
  const garbage = { type: 'answer', text: 'x' } as unknown as HubMessage;
  const flood = Array.from({ length: 3_000 }, (): HubMessage => ({ type: 'close' }));
  for (const [reason, messages] of [
    ['invalid', [garbage]],
    ['flood', flood],
    ['invalid', [{ type: 'end', reason: 'invalid' }]],
  ] as const) {
    const hub = await connected();
    const call = client.call('stop').catch((error: unknown) => error);
    for (const message of messages) hub.connections[0]?.send(message);
    await expect.poll(() => errors.at(-1)).toMatchObject({ code: 'hub-disconnected', data: { reason } });
    expect(await call).toBe(errors.at(-1));
    expect(news.length).toBeLessThan(1_000);
  }
});

test('calls without end are refused by the page itself, which the hub would disconnect', async () => {
  const hub = await connected();
  const calls = Array.from({ length: 3_000 }, () => client.call('focus').then(undefined, (error: unknown) => error));
  expect(await calls.at(-1)).toMatchObject({ code: 'hub-disconnected', data: { reason: 'flood' } });
  expect(client.state).toBe('connected');
  hub.connections[0]?.send({ type: 'ready' });
  await expect.poll(() => news).toEqual([{ type: 'ready' }]);
});

test('a call ends with an AbortError when the frame is removed, or loads another document', async () => {
  const waiting = client.call('load').catch((error: unknown) => error);
  client.dispose();
  expect(await waiting).toMatchObject({ name: 'AbortError' });
  await expect(client.call('load')).rejects.toMatchObject({ name: 'AbortError' });
  client = clientWith({});
  await connected();
  const open = client.call('load').catch((error: unknown) => error);
  await connected();
  expect(await open).toMatchObject({ name: 'AbortError' });
});
