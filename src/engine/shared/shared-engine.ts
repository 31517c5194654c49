import type { ModelTarget } from '../../models/backend.ts';
import type { EngineId, ModelRecord } from '../../models/model-record.ts';
import { AlcoveError, abortError, fromWireError, isAbortError } from '../../platform/errors.ts';
import { hearTabs } from '../../platform/hear-tabs.ts';
import { unsupported } from '../capabilities.ts';
import { checkPrompt } from '../check-prompt.ts';
import type {
  Capabilities,
  CountTokensCall,
  EmbedCall,
  Embeddings,
  Engine,
  EngineNotice,
  EngineProbe,
  GenerateCall,
  GenerateEvent,
  LoadProgress,
  ModelOwner,
} from '../engine.ts';
import { OneCallAtATime } from '../one-call-at-a-time.ts';
import { EventQueue } from '../stream/event-queue.ts';
import type { Question, Reply } from '../worker-engine/worker-protocol.ts';
import { HostWatch } from './host-watch.ts';
import { EngineHost } from './shared-engine-host.ts';
import {
  type CallTask,
  type ClientCall,
  type ClientMessage,
  clientLockName,
  EVERYONE,
  engineChannelName,
  type HostMessage,
  hostLockName,
  type Versioned,
  WIRE_VERSION,
} from './shared-engine-protocol.ts';

/** Time for the host to confirm a cancel. The contract allows 2 s, and a host whose page hangs never answers. */
const CANCEL_LIMIT_MS = 1_500;

interface OpenCall {
  readonly message: ClientCall;
  readonly signal: AbortSignal;
  readonly onAbort: () => void;
  readonly events: EventQueue<GenerateEvent>;
  reply: Reply | undefined;
  state: 'unsent' | 'waiting' | 'started';
  cancelTimer: ReturnType<typeof setTimeout> | undefined;
}

/**
 * One real engine, and one loaded model, for all tabs and elements of an origin. The first instance that is used takes
 * a Web Lock and runs the engine for all; the others talk to it through a BroadcastChannel. When it goes away the next
 * in the lock's queue takes over: calls that were being served end as `engine-crashed`, those that waited are sent to the
 * new host. A host that is silent while a call waits is reported, and can be replaced by `takeOver`. What is loaded only the real engine knows: every call names its model.
 *
 * Unlike a plain engine, a call waits while another client is being served; `engine-busy` is for two calls of the same
 * instance.
 */
export class SharedEngine implements Engine {
  readonly id: EngineId;
  readonly #createEngine: () => ModelOwner;
  readonly #scope: string;
  readonly #clientId = crypto.randomUUID();
  readonly #disposed = new AbortController();
  readonly #listeners = new Set<(notice: EngineNotice) => void>();
  readonly #unloads = new Set<() => void>();
  readonly #calls = new OneCallAtATime<OpenCall>();
  /** What loads have reported, by the model's id. */
  readonly #capabilities = new Map<string, Capabilities>();
  #engine: ModelOwner | undefined;
  #channel: BroadcastChannel | undefined;
  #host: EngineHost | undefined;
  #hostId: string | undefined;
  #callCount = 0;
  #joined = false;
  #isTakingOver = false;
  readonly #watch: HostWatch;

  /**
   * @param createEngine makes the real one, when this instance probes or becomes the host
   * @param scope instances of one scope share an engine; default: the engine's id
   * @param silentAfterMs silence of the host that is reported while a call waits; default 5,000
   */
  constructor(id: EngineId, createEngine: () => ModelOwner, scope: string = id, silentAfterMs?: number) {
    this.id = id;
    this.#watch = new HostWatch(
      () => this.#send({ from: this.#clientId, type: this.#hostId === undefined ? 'hello' : 'ping' }),
      (status) => {
        if (status !== 'answers') this.#settleUnloads();
        for (const listener of this.#listeners) listener({ type: 'host', status });
      },
      silentAfterMs,
    );
    this.#createEngine = createEngine;
    this.#scope = scope;
  }

  async probe(): Promise<EngineProbe> {
    return this.#realEngine().probe();
  }

  async capabilities(model: ModelRecord): Promise<Capabilities> {
    return this.#capabilities.get(model.id) ?? this.#realEngine().capabilities(model);
  }

  async *load(target: ModelTarget, signal: AbortSignal): AsyncGenerator<LoadProgress, void> {
    const call = this.#open(target, { type: 'load' }, signal);
    try {
      for await (const event of this.#start(call)) if (event.type === 'load-progress') yield event;
    } finally {
      await this.#close(call);
    }
  }

  async *generate({ model, backend, ...request }: GenerateCall, signal: AbortSignal): AsyncGenerator<GenerateEvent> {
    const call = this.#open({ model, backend }, { type: 'generate', request }, signal);
    try {
      checkPrompt(request);
      yield* this.#start(call);
    } finally {
      await this.#close(call);
    }
  }

  async countTokens({ messages, ...target }: CountTokensCall, signal: AbortSignal): Promise<number> {
    checkPrompt({ messages, continueLast: messages.at(-1)?.role === 'assistant' });
    const reply = await this.#ask({ kind: 'count-tokens', messages }, target, signal);
    if (reply.kind !== 'token-count') throw unsupported('count-tokens');
    return reply.tokens;
  }

  async embed({ texts, ...target }: EmbedCall, signal: AbortSignal): Promise<Embeddings> {
    const reply = await this.#ask({ kind: 'embed', texts }, target, signal);
    if (reply.kind !== 'vectors') throw unsupported('embed');
    return { vectors: reply.vectors, promptTokens: reply.promptTokens };
  }

  async unload(): Promise<void> {
    this.#abandonCall();
    if (this.#hostId === undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#unloads.add(resolve);
    this.#send({ from: this.#clientId, type: 'unload' });
    this.#watchHost();
    await promise;
    this.#unwatchHost();
  }

  takeOver(): void {
    if (!this.#joined || this.#host !== undefined || this.#isTakingOver) return;
    this.#isTakingOver = true;
    this.#queueForHost({ steal: true });
  }

  subscribe(listener: (notice: EngineNotice) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  dispose(): void {
    if (this.#disposed.signal.aborted) return;
    this.#calls.dispose();
    this.#abandonCall();
    this.#send({ from: this.#clientId, type: 'bye' });
    this.#listeners.clear();
    this.#watch.stop();
    this.#host?.dispose();
    this.#engine?.dispose();
    this.#channel?.close();
    // Last, because it releases the locks: the next host may then start its engine.
    this.#disposed.abort();
    this.#settleUnloads();
  }

  async #ask(question: Question, target: ModelTarget, signal: AbortSignal): Promise<Reply> {
    const call = this.#open(target, { type: 'ask', question }, signal);
    try {
      for await (const event of this.#start(call)) void event;
      if (call.reply === undefined) throw new AlcoveError('generation-failed', `no reply to ${question.kind}`);
      return call.reply;
    } finally {
      await this.#close(call);
    }
  }

  #open({ model, backend }: ModelTarget, task: CallTask, signal: AbortSignal): OpenCall {
    this.#callCount += 1;
    const onAbort = (): void => this.#cancel(call);
    const call: OpenCall = {
      message: { from: this.#clientId, callId: this.#callCount, model, backend, ...task },
      signal,
      onAbort,
      events: new EventQueue(),
      reply: undefined,
      state: 'unsent',
      cancelTimer: undefined,
    };
    this.#calls.open(call, signal);
    signal.addEventListener('abort', onAbort);
    return call;
  }

  #start(call: OpenCall): AsyncIterable<GenerateEvent> {
    this.#join();
    this.#watchHost();
    this.#sendCall(call);
    return call.events;
  }

  /** A consumer that left the loop early cancels the call; the engine is free when the host says that it has ended. */
  async #close(call: OpenCall): Promise<void> {
    call.signal.removeEventListener('abort', call.onAbort);
    if (!call.events.ended) {
      this.#cancel(call);
      await call.events.drained();
    }
    clearTimeout(call.cancelTimer);
    this.#calls.close(call);
    this.#unwatchHost();
  }

  #watchHost(): void {
    if (this.#host === undefined) this.#watch.start();
  }

  #unwatchHost(): void {
    if (this.#calls.current === undefined && this.#unloads.size === 0) this.#watch.stop();
  }

  /** Sends a call once there is a host to send it to. */
  #sendCall(call: OpenCall): void {
    if (this.#hostId === undefined || call.events.ended) return;
    call.state = 'waiting';
    this.#send(call.message);
  }

  #cancel(call: OpenCall): void {
    if (call.cancelTimer !== undefined) return;
    if (call.state === 'unsent' || call.events.ended) {
      // The host has nothing to end: it does not know the call yet, or has ended it before the consumer has read it all.
      call.events.cutShort(abortError());
      return;
    }
    this.#send({ from: this.#clientId, type: 'cancel', callId: call.message.callId });
    call.cancelTimer = setTimeout(() => call.events.fail(abortError()), CANCEL_LIMIT_MS);
  }

  #abandonCall(): void {
    const call = this.#calls.giveUp();
    if (call === undefined) return;
    this.#cancel(call);
    call.events.fail(abortError());
  }

  /** Starts to listen, queues for the host's lock, and asks who holds it. Done once, with the first call. */
  #join(): void {
    if (this.#joined) return;
    this.#joined = true;
    // Absent in an insecure context, whatever the type says: nothing can be shared then.
    const locks: LockManager | undefined = navigator.locks;
    if (locks === undefined) {
      this.#becomeHost();
      return;
    }
    const channel = new BroadcastChannel(engineChannelName(this.#scope));
    const { signal } = this.#disposed;
    const hear = (data: Versioned<ClientMessage | HostMessage>): void => {
      if (data.version !== WIRE_VERSION) this.#hearOther(data);
      else if ('from' in data) this.#host?.receive(data);
      else this.#receiveFromTab(data);
    };
    hearTabs(channel, hear, signal);
    this.#channel = channel;
    const queue = () => {
      this.#queueForHost({ signal });
      return this.#untilDisposed();
    };
    // A client says hello only when it holds its own lock: the host takes a client without one for dead.
    locks.request(clientLockName(this.#clientId), { signal }, queue).catch((error: unknown) => this.#hostAlone(error));
  }

  /** Waits for the lock of the host, or steals it, and asks who is the host. */
  #queueForHost(options: LockOptions): void {
    const hosting = navigator.locks.request(hostLockName(this.#scope), options, () => {
      this.#becomeHost();
      return this.#untilDisposed();
    });
    hosting.catch((error: unknown) => {
      if (!isAbortError(error) || this.#disposed.signal.aborted) return this.#hostAlone(error);
      // Another tab has stolen the lock, while this one stood still.
      this.#retire();
      // The request that waited before this one stole the lock is still in the queue.
      if (!options.steal) this.#queueForHost({ signal: this.#disposed.signal });
      else this.#send({ from: this.#clientId, type: 'hello' });
    });
    if (!options.steal) this.#send({ from: this.#clientId, type: 'hello' });
  }

  #untilDisposed(): Promise<void> {
    const { signal } = this.#disposed;
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
  }

  #retire(): void {
    this.#host?.retire();
    this.#host = undefined;
    if (this.#calls.current !== undefined) this.#watch.start();
  }

  /** A tab of another version: what it says cannot be read, but that it is there can. */
  #hearOther(message: ClientMessage | HostMessage): void {
    if ('from' in message) {
      if (message.type === 'hello') this.#host?.announce(message.from);
    } else if (message.type === 'host' && this.#host === undefined && this.#hostId === undefined) {
      this.#watch.heardOther();
    }
  }

  #receiveFromTab(message: HostMessage): void {
    // From a host that was replaced and has not heard of it. If this one was replaced, the lock tells it so.
    if (message.type === 'host' && this.#host !== undefined) return;
    if (message.hostId === this.#hostId || message.type === 'host') this.#watch.heard();
    this.#receive(message);
  }

  /** Locks are refused, as in a sandboxed frame: this instance cannot share and runs the engine for itself. */
  #hostAlone(error: unknown): void {
    if (isAbortError(error) || this.#disposed.signal.aborted || this.#host !== undefined) return;
    this.#channel?.close();
    this.#channel = undefined;
    this.#becomeHost();
  }

  #becomeHost(): void {
    if (this.#disposed.signal.aborted) return;
    const engine = this.#realEngine();
    this.#isTakingOver = false;
    this.#watch.stop();
    this.#host = new EngineHost(engine, (message) => {
      // Messages to the host's own session need no channel.
      if (message.to !== this.#clientId && !this.#disposed.signal.aborted) this.#post(message);
      this.#receive(message);
    });
    this.#host.announce();
  }

  #send(message: ClientMessage): void {
    if (this.#host !== undefined) this.#host.receive(message);
    else this.#post(message);
  }

  #post(message: ClientMessage | HostMessage): void {
    this.#channel?.postMessage({ ...message, version: WIRE_VERSION });
  }

  #receive(message: HostMessage): void {
    if (message.to !== this.#clientId && message.to !== EVERYONE) return;
    // Of a host that was replaced while it stood still, and now says what it had to say.
    if (message.type !== 'host' && message.hostId !== this.#hostId) return;
    switch (message.type) {
      case 'host':
        this.#meetHost(message.hostId);
        return;
      case 'lost':
        this.#notify(fromWireError(message.error));
        return;
      case 'unloaded':
        this.#settleUnloads();
        return;
      case 'pong':
        return;
    }
    const call = this.#calls.current;
    if (call?.message.callId !== message.callId) return;
    switch (message.type) {
      case 'started':
        call.state = 'started';
        break;
      case 'event':
        this.#learn(call.message.model, message.event);
        call.events.push(message.event);
        break;
      case 'reply':
        call.reply = message.reply;
        break;
      case 'done':
        // The host had finished before the cancel reached it.
        if (call.cancelTimer === undefined) call.events.end();
        else call.events.fail(abortError());
        break;
      case 'failed':
        call.events.fail(fromWireError(message.error));
        break;
    }
  }

  #meetHost(hostId: string): void {
    if (this.#hostId === hostId) return;
    const isReplaced = this.#hostId !== undefined;
    this.#hostId = hostId;
    this.#settleUnloads();
    const call = this.#calls.current;
    const error = new AlcoveError('engine-crashed', 'the tab that ran the engine is gone', { data: { tab: 'gone' } });
    if (call?.cancelTimer !== undefined) call.events.fail(abortError());
    else if (call?.state === 'started') call.events.fail(error);
    else if (call !== undefined) this.#sendCall(call);
    else if (isReplaced) this.#notify(error);
  }

  #notify(error: Error): void {
    if (!AlcoveError.isInstance(error)) return;
    for (const listener of this.#listeners) listener({ type: 'lost', error });
  }

  #learn({ id }: ModelRecord, event: GenerateEvent): void {
    if (event.type === 'load-progress' && event.capabilities !== undefined) {
      this.#capabilities.set(id, event.capabilities);
    }
  }

  #settleUnloads(): void {
    for (const settle of this.#unloads) settle();
    this.#unloads.clear();
  }

  #realEngine(): ModelOwner {
    this.#engine ??= this.#createEngine();
    return this.#engine;
  }
}
