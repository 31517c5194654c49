import type { Backend } from '../../models/backend.ts';
import type { EngineId, ModelRecord } from '../../models/model-record.ts';
import { AlcoveError, abortError, fromWireError, isAbortError } from '../../platform/errors.ts';
import { unsupported } from '../capabilities.ts';
import { checkPrompt } from '../check-prompt.ts';
import type {
  Capabilities,
  Engine,
  EngineNotice,
  EngineProbe,
  GenerateEvent,
  GenerateRequest,
  LoadProgress,
  PromptMessage,
} from '../engine.ts';
import { EventQueue } from '../stream/event-queue.ts';
import type { CallEvent, Question, Reply } from '../worker-engine/worker-protocol.ts';
import { EngineHost } from './shared-engine-host.ts';
import {
  type ClientCall,
  type ClientMessage,
  clientLockName,
  EVERYONE,
  engineChannelName,
  type HostMessage,
  hostLockName,
} from './shared-engine-protocol.ts';

/** How long the host may take over a cancel. The contract gives 2 s, and a host whose page hangs gives no answer. */
const CANCEL_LIMIT_MS = 1_500;

interface OpenCall {
  readonly message: ClientCall;
  readonly events: EventQueue<CallEvent>;
  state: 'unsent' | 'waiting' | 'started';
  cancelTimer: ReturnType<typeof setTimeout> | undefined;
}

/**
 * One real engine, and one loaded model, for all tabs and elements of an origin. The first instance that is used takes
 * a Web Lock and runs the engine for all; the others talk to it through a BroadcastChannel. When it goes away the next
 * in the lock's queue takes over: calls that were being served end as `engine-crashed`, those that waited are asked
 * again, and the next answer loads the model by itself.
 *
 * Unlike a plain engine, a call waits while another client is being served; `engine-busy` is for two calls of the same
 * instance.
 */
export class SharedEngine implements Engine {
  readonly id: EngineId;
  readonly #createEngine: () => Engine;
  readonly #scope: string;
  readonly #clientId = crypto.randomUUID();
  readonly #disposed = new AbortController();
  readonly #listeners = new Set<(notice: EngineNotice) => void>();
  readonly #unloads = new Set<() => void>();
  #engine: Engine | undefined;
  #channel: BroadcastChannel | undefined;
  #host: EngineHost | undefined;
  #hostId: string | undefined;
  #wanted: ModelRecord | undefined;
  #way: Backend | undefined;
  /** Of the model that was loaded last, by its id. */
  #loaded: { readonly modelId: string; readonly capabilities: Capabilities } | undefined;
  #call: OpenCall | undefined;
  #callCount = 0;
  #joined = false;

  /**
   * @param createEngine makes the real one, when this instance probes or becomes the host
   * @param scope instances of one scope share an engine; default: the engine's id
   */
  constructor(id: EngineId, createEngine: () => Engine, scope: string = id) {
    this.id = id;
    this.#createEngine = createEngine;
    this.#scope = scope;
  }

  async probe(): Promise<EngineProbe> {
    return this.#realEngine().probe();
  }

  async capabilities(model: ModelRecord): Promise<Capabilities> {
    if (this.#wanted?.id === model.id && this.#loaded?.modelId === model.id) return this.#loaded.capabilities;
    return this.#realEngine().capabilities(model);
  }

  async *load(model: ModelRecord, signal: AbortSignal, way?: Backend): AsyncGenerator<LoadProgress, void> {
    this.#checkFree(signal);
    if (way !== undefined || this.#wanted?.id !== model.id) this.#way = way;
    this.#wanted = model;
    for await (const event of this.#run({ ...this.#address(), type: 'load', model, way }, signal)) {
      if (event.type === 'load-progress') yield event;
    }
  }

  async *generate(request: GenerateRequest, signal: AbortSignal): AsyncGenerator<GenerateEvent, void> {
    this.#checkFree(signal);
    checkPrompt(request);
    const model = this.#wanted;
    if (model === undefined) throw new AlcoveError('model-not-loaded', 'load a model first');
    for await (const event of this.#run(
      { ...this.#address(), type: 'generate', model, way: this.#way, request },
      signal,
    )) {
      if (event.type !== 'reply') yield event;
    }
  }

  async countTokens(messages: readonly PromptMessage[], signal: AbortSignal): Promise<number> {
    this.#checkFree(signal);
    checkPrompt({ messages, continueLast: messages.at(-1)?.role === 'assistant' });
    const model = this.#wanted;
    if (model === undefined) throw new AlcoveError('model-not-loaded', 'load a model first');
    const reply = await this.#ask({ kind: 'count-tokens', messages }, model, signal);
    if (reply.kind !== 'token-count') throw unsupported('count-tokens');
    return reply.tokens;
  }

  async embed(model: ModelRecord, texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    this.#checkFree(signal);
    const reply = await this.#ask({ kind: 'embed', texts }, model, signal);
    if (reply.kind !== 'vectors') throw unsupported('embed');
    return reply.vectors;
  }

  async unload(): Promise<void> {
    this.#wanted = undefined;
    this.#abandonCall();
    if (this.#hostId === undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#unloads.add(resolve);
    this.#send({ from: this.#clientId, type: 'unload' });
    await promise;
  }

  subscribe(listener: (notice: EngineNotice) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  dispose(): void {
    if (this.#disposed.signal.aborted) return;
    this.#abandonCall();
    this.#send({ from: this.#clientId, type: 'bye' });
    this.#listeners.clear();
    this.#host?.dispose();
    this.#engine?.dispose();
    this.#channel?.close();
    // Lets go of the locks, so last: the next host may then take the engine's place.
    this.#disposed.abort();
    this.#settleUnloads();
  }

  async #ask(question: Question, model: ModelRecord, signal: AbortSignal): Promise<Reply> {
    let reply: Reply | undefined;
    for await (const event of this.#run({ ...this.#address(), type: 'ask', model, way: this.#way, question }, signal)) {
      if (event.type === 'reply') reply = event.reply;
    }
    if (reply === undefined) throw new AlcoveError('generation-failed', `no reply to ${question.kind}`);
    return reply;
  }

  async *#run(message: ClientCall, signal: AbortSignal): AsyncGenerator<CallEvent, void> {
    const call: OpenCall = { message, events: new EventQueue(), state: 'unsent', cancelTimer: undefined };
    this.#call = call;
    const onAbort = () => this.#cancel(call);
    signal.addEventListener('abort', onAbort);
    try {
      this.#join();
      this.#sendCall(call);
      for await (const event of call.events.read()) {
        if (event.type === 'load-progress' && event.capabilities !== undefined) {
          this.#loaded = { modelId: message.model.id, capabilities: event.capabilities };
        }
        yield event;
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      if (!call.events.ended) {
        this.#cancel(call);
        await ended(call.events);
      }
      clearTimeout(call.cancelTimer);
      if (this.#call === call) this.#call = undefined;
    }
  }

  #checkFree(signal: AbortSignal): void {
    if (this.#disposed.signal.aborted || signal.aborted) throw abortError();
    if (this.#call !== undefined) throw new AlcoveError('engine-busy', 'another call of this session is open');
  }

  #address(): { readonly from: string; readonly callId: number } {
    this.#callCount += 1;
    return { from: this.#clientId, callId: this.#callCount };
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
      // Nothing for the host to do: it does not know the call yet, or is through with it before the reader is.
      call.events.cutShort(abortError());
      return;
    }
    this.#send({ from: this.#clientId, type: 'cancel', callId: call.message.callId });
    call.cancelTimer = setTimeout(() => call.events.fail(abortError()), CANCEL_LIMIT_MS);
  }

  /** Ends the open call here and now; the host is told. */
  #abandonCall(): void {
    const call = this.#call;
    if (call === undefined) return;
    this.#cancel(call);
    call.events.fail(abortError());
    this.#call = undefined;
  }

  /** Takes part: listens, queues for the host's place, and asks who holds it. Once, with the first call. */
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
    channel.addEventListener('message', ({ data }: MessageEvent<ClientMessage | HostMessage>) => {
      if ('from' in data) this.#host?.receive(data);
      else this.#receive(data);
    });
    this.#channel = channel;
    const { signal } = this.#disposed;
    const disposed = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    const queue = () => {
      const hosting = locks.request(hostLockName(this.#scope), { signal }, () => {
        this.#becomeHost();
        return disposed;
      });
      hosting.catch((error: unknown) => this.#hostAlone(error));
      this.#send({ from: this.#clientId, type: 'hello' });
      return disposed;
    };
    // Only a client that holds its own lock speaks up: the host takes one without for dead.
    locks.request(clientLockName(this.#clientId), { signal }, queue).catch((error: unknown) => this.#hostAlone(error));
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
    this.#host = new EngineHost(engine, (message) => {
      // The host's own session takes the short way.
      if (message.to !== this.#clientId && !this.#disposed.signal.aborted) this.#channel?.postMessage(message);
      this.#receive(message);
    });
    this.#host.announce();
  }

  #send(message: ClientMessage): void {
    if (this.#host !== undefined) this.#host.receive(message);
    else this.#channel?.postMessage(message);
  }

  #receive(message: HostMessage): void {
    if (message.to !== this.#clientId && message.to !== EVERYONE) return;
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
    }
    const call = this.#call;
    if (call?.message.callId !== message.callId) return;
    switch (message.type) {
      case 'started':
        call.state = 'started';
        break;
      case 'event':
        call.events.push(message.event);
        break;
      case 'done':
        // The host was through before the cancel reached it.
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
    const call = this.#call;
    const error = new AlcoveError('engine-crashed', 'the tab that ran the engine is gone', { data: { tab: 'gone' } });
    if (call?.cancelTimer !== undefined) call.events.fail(abortError());
    else if (call?.state === 'started') call.events.fail(error);
    else if (call !== undefined) this.#sendCall(call);
    else if (isReplaced) this.#notify(error);
  }

  #notify(error: Error): void {
    if (this.#wanted === undefined || !AlcoveError.isInstance(error)) return;
    for (const listener of this.#listeners) listener({ type: 'lost', error });
  }

  #settleUnloads(): void {
    for (const settle of this.#unloads) settle();
    this.#unloads.clear();
  }

  #realEngine(): Engine {
    this.#engine ??= this.#createEngine();
    return this.#engine;
  }
}

async function ended(events: EventQueue<CallEvent>): Promise<void> {
  try {
    for await (const event of events.read()) void event;
  } catch {
    // However it ends: nobody listens any more.
  }
}
