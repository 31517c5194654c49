import { afterEach, describe, expect, test } from 'vitest';
import type { ModelRecord } from '../../models/model-record.ts';
import { scriptedRecord } from '../../models/testing/made-up.ts';
import { AlcoveError, isAbortError } from '../../platform/errors.ts';
import { holdLock } from '../../platform/web-locks.ts';
import type { Engine, EngineNotice, GenerateCall, GenerateEvent, HostStatus } from '../engine.ts';
import { ScriptedEngine } from '../scripted/scripted-engine.ts';
import { ask, drain, failure, textOf, within } from '../testing/calls.ts';
import { describeEngine } from '../testing/engine-contract.ts';
import { SharedEngine } from './shared-engine.ts';
import { engineChannelName, hostLockName, WIRE_VERSION } from './shared-engine-protocol.ts';

const MODEL = scriptedRecord({ contextWindow: 2048, sizeBytes: 4096 });
const OTHER_MODEL: ModelRecord = { ...MODEL, id: 'other' };
const STORY = ask('Tell me a long story.');
const CAPITAL = ask('What is the capital of France?');
const CAPITAL_ANSWER = 'The capital of France is Paris.';
/** The story ends within a second. */
const QUICK = 1000;
/** The story takes longer than any limit here: what does not wait for its end was let go. */
const SLOW = 50;
const signal = new AbortController().signal;
const TAB_MODULE = './testing/shared-engine-tab.ts';

/** Makes the shared engines of one origin, which is a scope of its own here, and records the real ones. */
class Origin {
  readonly engines: ScriptedEngine[] = [];
  readonly scope = crypto.randomUUID();
  tokensPerSecond = QUICK;
  readonly #clients: SharedEngine[] = [];

  open(silentAfterMs?: number): SharedEngine {
    const client = new SharedEngine('scripted', () => this.#create(), this.scope, silentAfterMs);
    this.#clients.push(client);
    return client;
  }

  /** A client that is the host, with nothing loaded. */
  async openHost(): Promise<SharedEngine> {
    const host = this.open();
    await drain(host.load({ model: MODEL }, signal));
    await host.unload();
    return host;
  }

  close(): void {
    for (const client of this.#clients) client.dispose();
  }

  #create(): ScriptedEngine {
    const engine = new ScriptedEngine({ tokensPerSecond: this.tokensPerSecond });
    this.engines.push(engine);
    return engine;
  }
}

const hosts = new WeakMap<Engine, ScriptedEngine>();

function hostOf(engine: Engine): ScriptedEngine {
  const host = hosts.get(engine);
  if (host === undefined) throw new Error('the engine has no host');
  return host;
}

for (const role of ['host', 'follower'] as const) {
  describeEngine(`the shared engine as ${role}`, {
    create: async () => {
      const origin = new Origin();
      const host = await origin.openHost();
      const engine = role === 'host' ? host : origin.open();
      const [real] = origin.engines;
      if (real !== undefined) hosts.set(engine, real);
      return engine;
    },
    model: MODEL,
    otherModel: OTHER_MODEL,
    kill: (engine) => hostOf(engine).lose(new AlcoveError('engine-crashed', 'killed by the test')),
    loseDevice: (engine) => hostOf(engine).lose(),
    slowMs: 10_000,
  });
}

describe('a shared engine', () => {
  let origin = new Origin();
  afterEach(() => {
    origin.close();
    origin = new Origin();
  });

  test('serves two clients with one real engine and one load', async () => {
    const [first, second] = [origin.open(), origin.open()];
    await drain(first.load({ model: MODEL }, signal));
    expect((await drain(second.load({ model: MODEL }, signal))).map((step) => step.phase)).toEqual(['ready']);
    expect(await answer(second)).toBe(CAPITAL_ANSWER);
    expect(await answer(first)).toBe(CAPITAL_ANSWER);
    expect(origin.engines.length).toBe(1);
  });

  test('serves the calls of several clients in the order of their arrival', async () => {
    const clients = [origin.open(), origin.open(), origin.open()];
    for (const client of clients) await drain(client.load({ model: MODEL }, signal));
    const ends: number[] = [];
    const answers = clients.map(async (client, index) => {
      const events = await drain(client.generate({ model: MODEL, ...CAPITAL }, signal));
      ends.push(index);
      return textOf(events);
    });
    expect(await Promise.all(answers)).toEqual([CAPITAL_ANSWER, CAPITAL_ANSWER, CAPITAL_ANSWER]);
    expect(ends).toEqual([0, 1, 2]);
  });

  test('hands an image of another tab to the engine as a Blob', async () => {
    await origin.openHost();
    const [real] = origin.engines;
    const asked: GenerateCall[] = [];
    const generate = real?.generate.bind(real);
    if (real !== undefined && generate !== undefined) {
      real.generate = (call, stop) => {
        asked.push(call);
        return generate(call, stop);
      };
    }
    const content = [
      { type: 'image', image: new Blob(['a picture']) },
      { type: 'text', text: 'What is the capital of France?' },
    ] as const;
    await drain(origin.open().generate({ model: MODEL, messages: [{ role: 'user', content }] }, signal));
    const [part] = asked[0]?.messages[0]?.content ?? [];
    if (typeof part !== 'object' || part.type !== 'image' || typeof part.image === 'string') throw new Error('no Blob');
    expect(await part.image.text()).toBe('a picture');
  });

  test('ends what one client reads ahead as soon as another client asks', async () => {
    origin.tokensPerSecond = SLOW;
    const [reader, asker] = [origin.open(), origin.open()];
    await drain(reader.load({ model: MODEL }, signal));
    await drain(asker.load({ model: MODEL }, signal));
    const started = Promise.withResolvers<void>();
    const reading = failure(reader.generate({ model: MODEL, ...STORY, readAhead: true }, signal), () =>
      started.resolve(),
    );
    await started.promise;
    expect(await within(5_000, answer(asker))).toBe(CAPITAL_ANSWER);
    expect(isAbortError(await reading)).toBe(true);
  });

  test('answers a load of the loaded model without waiting for another client’s answer', async () => {
    const [first, second] = [origin.open(), origin.open()];
    await drain(first.load({ model: MODEL }, signal));
    const started = Promise.withResolvers<void>();
    let isWriting = true;
    const story = drain(first.generate({ model: MODEL, ...STORY }, signal), () => started.resolve()).finally(() => {
      isWriting = false;
    });
    await started.promise;
    await drain(second.load({ model: MODEL }, signal));
    expect(isWriting).toBe(true);
    await story;
  });

  test('delays a load of another model until the open answer ends, and answers each client with its own model', async () => {
    const [first, second] = [origin.open(), origin.open()];
    await drain(first.load({ model: MODEL }, signal));
    let isWriting = true;
    const story = drain(first.generate({ model: MODEL, ...CAPITAL }, signal)).finally(() => {
      isWriting = false;
    });
    const steps = await drain(second.load({ model: OTHER_MODEL }, signal));
    expect(isWriting).toBe(false);
    expect(steps.length).toBeGreaterThan(1);
    expect(textOf(await story)).toBe(CAPITAL_ANSWER);
    const events = await drain(first.generate({ model: MODEL, ...CAPITAL }, signal));
    expect(events[0]?.type).toBe('load-progress');
    expect(textOf(events)).toBe(CAPITAL_ANSWER);
  });

  test('cancels a waiting call on request, while the current one continues', async () => {
    const [first, second] = [origin.open(), origin.open()];
    await drain(first.load({ model: MODEL }, signal));
    await drain(second.load({ model: MODEL }, signal));
    const story = drain(first.generate({ model: MODEL, ...STORY }, signal));
    const abort = new AbortController();
    const waiting = failure(second.generate({ model: MODEL, ...CAPITAL }, abort.signal));
    setTimeout(() => abort.abort());
    expect(isAbortError(await within(2_000, waiting))).toBe(true);
    expect((await story).at(-1)).toEqual({ type: 'finish', reason: 'stop' });
  });

  test('keeps the model on unload if another client still needs it', async () => {
    const [first, second] = [origin.open(), origin.open()];
    await drain(first.load({ model: MODEL }, signal));
    await drain(second.load({ model: MODEL }, signal));
    await first.unload();
    expect((await drain(second.generate({ model: MODEL, ...CAPITAL }, signal)))[0]?.type).toBe('text-delta');
    expect((await drain(first.generate({ model: MODEL, ...CAPITAL }, signal)))[0]?.type).toBe('text-delta');
  });

  test('keeps the text when the host is disposed during an answer, and the next answer comes from the next host', async () => {
    const [first, second] = [origin.open(), origin.open()];
    await drain(first.load({ model: MODEL }, signal));
    await drain(second.load({ model: MODEL }, signal));
    const text: string[] = [];
    const call = failure(second.generate({ model: MODEL, ...STORY }, signal), (event) => {
      if (event.type === 'text-delta') text.push(event.text);
      if (text.length === 5) first.dispose();
    });
    expect(await within(5_000, call)).toMatchObject({ code: 'engine-crashed' });
    expect(text.join('')).toMatch(/^On day 1 /);
    const events = await drain(second.generate({ model: MODEL, ...CAPITAL }, signal));
    expect(events[0]?.type).toBe('load-progress');
    expect(textOf(events)).toBe(CAPITAL_ANSWER);
    expect(origin.engines.length).toBe(2);
  });

  test('serves a waiting call from the next host', async () => {
    const [first, second, third] = [origin.open(), origin.open(), origin.open()];
    for (const client of [first, second, third]) await drain(client.load({ model: MODEL }, signal));
    const served = failure(second.generate({ model: MODEL, ...STORY }, signal), (event) => {
      if (event.type === 'text-delta') first.dispose();
    });
    const waiting = drain(third.generate({ model: MODEL, ...CAPITAL }, signal));
    expect(await served).toMatchObject({ code: 'engine-crashed' });
    expect(textOf(await within(5_000, waiting))).toBe(CAPITAL_ANSWER);
  });

  test('notifies an idle client when its host goes away', async () => {
    const [first, second] = [origin.open(), origin.open()];
    await drain(first.load({ model: MODEL }, signal));
    await drain(second.load({ model: MODEL }, signal));
    const lost = Promise.withResolvers<EngineNotice>();
    second.subscribe(lost.resolve);
    first.dispose();
    expect(await within(5_000, lost.promise)).toMatchObject({ error: { code: 'engine-crashed' } });
    expect(await answer(second)).toBe(CAPITAL_ANSWER);
  });

  test('reports a host that says nothing, and takes over from it on request', async () => {
    const endLock = await holdLock(hostLockName(origin.scope));
    const client = origin.open(1);
    const silent = hostStatus(client, 'silent');
    const loaded = drain(client.load({ model: MODEL }, signal));
    await within(5_000, silent);
    const back = hostStatus(client, 'answers');
    client.takeOver();
    await within(5_000, Promise.all([loaded, back]));
    expect(await answer(client)).toBe(CAPITAL_ANSWER);
    endLock();
  });

  test('takes nothing from a tab of another version, reports it, and takes over from it on request', async () => {
    const endLock = await holdLock(hostLockName(origin.scope));
    const channel = new BroadcastChannel(engineChannelName(origin.scope));
    const heard: unknown[] = [];
    channel.onmessage = ({ data }) => {
      heard.push(data.type);
      if (data.type !== 'hello') return;
      // As today's builds say it, which know no version, and as later ones will.
      for (const version of [undefined, WIRE_VERSION + 1]) {
        channel.postMessage({ to: data.from, type: 'host', hostId: 'other', version });
        channel.postMessage({ to: data.from, type: 'failed', hostId: 'other', callId: 1, error: {}, version });
      }
    };
    const client = origin.open();
    const other = hostStatus(client, 'other-version');
    const loaded = drain(client.load({ model: MODEL }, signal));
    await within(5_000, other);
    expect(heard).not.toContain('load');
    client.takeOver();
    await within(5_000, loaded);
    // To a tab of another version it says that it is the host, and no more.
    const reply = Promise.withResolvers<unknown>();
    channel.onmessage = ({ data }) => data.to === 'other' && reply.resolve(data);
    channel.postMessage({ from: 'other', type: 'load', callId: 1, model: MODEL, version: WIRE_VERSION + 1 });
    channel.postMessage({ from: 'other', type: 'hello', version: WIRE_VERSION + 1 });
    expect(await reply.promise).toMatchObject({ to: 'other', type: 'host', version: WIRE_VERSION });
    channel.close();
    endLock();
  });

  test('a host that was replaced frees its model, ends its answer, and asks the new host from then on', async () => {
    const [first, second] = [origin.open(), origin.open()];
    await drain(first.load({ model: MODEL }, signal));
    await drain(second.load({ model: MODEL }, signal));
    const call = failure(first.generate({ model: MODEL, ...STORY }, signal), (event) => {
      if (event.type === 'text-delta') second.takeOver();
    });
    expect(await within(5_000, call)).toMatchObject({ code: 'engine-crashed', data: { tab: 'gone' } });
    expect(await answer(first)).toBe(CAPITAL_ANSWER);
    expect(origin.engines.map(({ loaded }) => loaded !== undefined)).toEqual([false, true]);
    // And back again, also with a third tab in the queue for the lock.
    const third = origin.open();
    expect(await answer(third)).toBe(CAPITAL_ANSWER);
    const replaced = Promise.withResolvers<EngineNotice>();
    second.subscribe(replaced.resolve);
    first.takeOver();
    expect(await within(5_000, replaced.promise)).toMatchObject({ type: 'lost', error: { data: { tab: 'gone' } } });
    expect(await within(5_000, answer(second))).toBe(CAPITAL_ANSWER);
    first.dispose();
    expect(await within(5_000, answer(third))).toBe(CAPITAL_ANSWER);
  });

  test('stays the host when one that was replaced says that it is, and serves what it is asked', async () => {
    const host = await origin.openHost();
    const channel = new BroadcastChannel(engineChannelName(origin.scope));
    const replies: unknown[] = [];
    channel.onmessage = ({ data }) => data.to === 'test' && replies.push(data.type);
    channel.postMessage({ to: '*', type: 'host', hostId: 'replaced', version: WIRE_VERSION });
    channel.postMessage({ from: 'test', type: 'hello', version: WIRE_VERSION });
    await expect.poll(() => replies).toEqual(['host']);
    expect(await within(5_000, answer(host))).toBe(CAPITAL_ANSWER);
    channel.close();
  });

  test('serves the other clients after one is disposed during its answer', async () => {
    origin.tokensPerSecond = SLOW;
    const [first, second] = [origin.open(), origin.open()];
    await drain(first.load({ model: MODEL }, signal));
    await drain(second.load({ model: MODEL }, signal));
    const call = failure(second.generate({ model: MODEL, ...STORY }, signal), (event) => {
      if (event.type === 'text-delta') second.dispose();
    });
    expect(isAbortError(await call)).toBe(true);
    expect(await within(2_000, answer(first))).toBe(CAPITAL_ANSWER);
  });

  test('serves the other tabs after one is closed during its answer', async () => {
    origin.tokensPerSecond = SLOW;
    const first = origin.open();
    await drain(first.load({ model: MODEL }, signal));
    const tab = await openTab(origin.scope);
    await drain(tab.engine.load({ model: MODEL }, signal));
    await tab.engine
      .generate({ model: MODEL, ...STORY }, signal)
      [Symbol.asyncIterator]()
      .next();
    tab.close();
    expect(await within(5_000, answer(first))).toBe(CAPITAL_ANSWER);
  });

  test('answers from another tab after the host’s tab is closed during an answer', async () => {
    const tab = await openTab(origin.scope);
    await drain(tab.engine.load({ model: MODEL }, signal));
    const follower = origin.open();
    await drain(follower.load({ model: MODEL }, signal));
    expect(origin.engines.length).toBe(0);
    let text = '';
    const call = failure(follower.generate({ model: MODEL, ...STORY }, signal), (event) => {
      if (event.type === 'text-delta') text += event.text;
      tab.close();
    });
    expect(await within(5_000, call)).toMatchObject({ code: 'engine-crashed' });
    expect(text).toMatch(/^On/);
    expect(await answer(follower)).toBe(CAPITAL_ANSWER);
    expect(origin.engines.length).toBe(1);
  });
});

/** A frame of this origin stands for another tab: its own realm, its own locks, and it dies at once. */
async function openTab(scope: string): Promise<{ readonly engine: SharedEngine; readonly close: () => void }> {
  const frame = document.createElement('iframe');
  frame.name = scope;
  frame.srcdoc = `<script type="module" src="${new URL(/* @vite-ignore */ TAB_MODULE, import.meta.url).href}"></script>`;
  document.body.append(frame);
  for (;;) {
    await new Promise(requestAnimationFrame);
    const engine: unknown = Reflect.get(frame.contentWindow ?? {}, 'sharedEngine');
    // Of the frame's realm, so `instanceof` does not know it.
    if (engine !== undefined) return { engine: engine as SharedEngine, close: () => frame.remove() };
  }
}

/** Resolves when the engine reports its host so. */
function hostStatus(engine: Engine, status: HostStatus): Promise<void> {
  return new Promise((resolve) => {
    const undo = engine.subscribe((notice) => {
      if (notice.type !== 'host' || notice.status !== status) return;
      undo();
      resolve();
    });
  });
}

async function answer(engine: Engine): Promise<string> {
  return textOf(await drain<GenerateEvent>(engine.generate({ model: MODEL, ...CAPITAL }, signal)));
}
