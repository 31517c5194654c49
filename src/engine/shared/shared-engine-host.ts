import { type Backend, isSameBackend } from '../../models/backend.ts';
import { abortError, toWireError } from '../../platform/errors.ts';
import { whenReleased } from '../../platform/web-locks.ts';
import type { Engine, LoadProgress } from '../engine.ts';
import type { CallEvent } from '../worker-engine/worker-protocol.ts';
import {
  type ClientCall,
  type ClientMessage,
  clientLockName,
  EVERYONE,
  type HostMessage,
} from './shared-engine-protocol.ts';

interface QueuedCall {
  readonly message: ClientCall;
  readonly abort: AbortController;
}

/**
 * Runs the real engine for all clients. Calls are served one after another in the order in which they came. The model
 * stays loaded for as long as one client that lives wants it.
 */
export class EngineHost {
  readonly #id = crypto.randomUUID();
  readonly #engine: Engine;
  readonly #send: (message: HostMessage) => void;
  readonly #closed = new AbortController();
  /** The clients that live, each with the model that it wants. */
  readonly #clients = new Map<string, string | undefined>();
  readonly #queue: QueuedCall[] = [];
  #current: QueuedCall | undefined;
  /** What the engine was last told to load; it loads that again by itself after a loss. */
  #modelId: string | undefined;
  #way: Backend | undefined;
  /** The last load's end; undefined while the call in progress may still load. */
  #ready: LoadProgress | undefined;

  constructor(engine: Engine, send: (message: HostMessage) => void) {
    this.#engine = engine;
    this.#send = send;
    engine.subscribe(({ error }) => {
      this.#ready = undefined;
      send({ to: EVERYONE, type: 'lost', error: toWireError(error) });
    });
  }

  /** Tells one client, or everyone, that this host is there; the first thing that a new host does. */
  announce(to: string = EVERYONE): void {
    this.#send({ to, type: 'host', hostId: this.#id });
  }

  receive(message: ClientMessage): void {
    if (this.#closed.signal.aborted) return;
    const { from } = message;
    if (!this.#clients.has(from)) this.#watch(from);
    switch (message.type) {
      case 'hello':
        this.announce(from);
        break;
      case 'load':
      case 'generate':
      case 'ask':
        this.#clients.set(from, message.model.id);
        this.#accept(message);
        break;
      case 'cancel':
        this.#cancel((call) => call.message.from === from && call.message.callId === message.callId);
        break;
      case 'unload':
        void this.#release(from).then(() => this.#send({ to: from, type: 'unloaded' }));
        break;
      case 'bye':
        this.#drop(from);
        break;
    }
  }

  dispose(): void {
    this.#closed.abort();
    this.#engine.dispose();
  }

  #accept(message: ClientCall): void {
    const { from, callId, model } = message;
    const current = this.#current?.message;
    // Loaded as it is wanted, and busy with somebody's answer: no reason to wait for that.
    const isWanted =
      current?.model.id === model.id && (message.way === undefined || isSameBackend(message.way, this.#way));
    if (message.type === 'load' && current?.type === 'generate' && isWanted && this.#ready) {
      this.#send({ to: from, type: 'event', callId, event: this.#ready });
      this.#send({ to: from, type: 'done', callId });
      return;
    }
    this.#queue.push({ message, abort: new AbortController() });
    if (this.#current === undefined) void this.#serveAll();
  }

  async #serveAll(): Promise<void> {
    for (let call = this.#queue.shift(); call !== undefined; call = this.#queue.shift()) {
      this.#current = call;
      const { from: to, callId } = call.message;
      this.#send({ to, type: 'started', callId });
      try {
        for await (const event of this.#run(call)) this.#send({ to, type: 'event', callId, event });
        this.#send({ to, type: 'done', callId });
      } catch (error) {
        this.#ready = undefined;
        // As its host goes away a call is not over: the client finds the next host, or sees that there is none.
        if (!this.#closed.signal.aborted) this.#send({ to, type: 'failed', callId, error: toWireError(error) });
      }
      this.#current = undefined;
    }
  }

  async *#run({ message, abort: { signal } }: QueuedCall): AsyncGenerator<CallEvent, void> {
    if (message.type === 'ask' && message.question.kind === 'embed') {
      const vectors = await this.#engine.embed(message.model, message.question.texts, signal);
      yield { type: 'reply', reply: { kind: 'vectors', vectors } };
      return;
    }
    if (message.type === 'load' || message.model.id !== this.#modelId) {
      this.#ready = undefined;
      if (message.way !== undefined || message.model.id !== this.#modelId) this.#way = message.way;
      this.#modelId = message.model.id;
      for await (const progress of this.#engine.load(message.model, signal, message.way)) {
        if (progress.phase === 'ready') this.#ready = progress;
        yield progress;
      }
    }
    if (message.type === 'load') return;
    if (message.type === 'ask') {
      if (message.question.kind === 'embed') return;
      const tokens = await this.#engine.countTokens(message.question.messages, signal);
      yield { type: 'reply', reply: { kind: 'token-count', tokens } };
      return;
    }
    for await (const event of this.#engine.generate(message.request, signal)) {
      if (event.type === 'load-progress') this.#ready = event.phase === 'ready' ? event : undefined;
      yield event;
    }
  }

  #cancel(matches: (call: QueuedCall) => boolean): void {
    if (this.#current !== undefined && matches(this.#current)) this.#current.abort.abort();
    for (const call of this.#queue.filter(matches)) {
      this.#queue.splice(this.#queue.indexOf(call), 1);
      const { from: to, callId } = call.message;
      this.#send({ to, type: 'failed', callId, error: toWireError(abortError()) });
    }
  }

  /** Ends what a client has open; frees the model if nobody else wants it. */
  async #release(client: string): Promise<void> {
    this.#cancel((call) => call.message.from === client);
    if (this.#clients.has(client)) this.#clients.set(client, undefined);
    if ([...this.#clients.values()].some((modelId) => modelId !== undefined)) return;
    this.#modelId = undefined;
    this.#ready = undefined;
    await this.#engine.unload();
  }

  #drop(client: string): void {
    this.#clients.delete(client);
    void this.#release(client);
  }

  /** Gets the client's own lock when the client is gone. */
  #watch(client: string): void {
    this.#clients.set(client, undefined);
    whenReleased(clientLockName(client), this.#closed.signal)
      .then(() => this.#drop(client))
      // Aborted with this host.
      .catch(() => {});
  }
}
