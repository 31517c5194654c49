import { abortError, toWireError } from '../../platform/errors.ts';
import { whenReleased } from '../../platform/web-locks.ts';
import { type GenerateEvent, isLoaded, type ModelOwner } from '../engine.ts';
import {
  type ClientCall,
  type ClientMessage,
  clientLockName,
  EVERYONE,
  type HostMessage,
  type HostNews,
} from './shared-engine-protocol.ts';

interface QueuedCall {
  readonly message: ClientCall;
  readonly abort: AbortController;
}

/**
 * Runs the real engine for all clients. Calls are served one after another in the order in which they came. The model
 * stays loaded as long as one living client has made a call and has not unloaded since.
 */
export class EngineHost {
  readonly #id = crypto.randomUUID();
  readonly #engine: ModelOwner;
  readonly #post: (message: HostMessage) => void;
  readonly #unsubscribe: () => void;
  readonly #closed = new AbortController();
  /** The living clients, each with whether it uses the engine. */
  readonly #clients = new Map<string, boolean>();
  readonly #queue: QueuedCall[] = [];
  #current: QueuedCall | undefined;

  constructor(engine: ModelOwner, post: (message: HostMessage) => void) {
    this.#engine = engine;
    this.#post = post;
    this.#unsubscribe = engine.subscribe((notice) => {
      if (notice.type === 'lost') this.#send(EVERYONE, { type: 'lost', error: toWireError(notice.error) });
    });
  }

  get id(): string {
    return this.#id;
  }

  /** Tells one client, or everyone, that this host is here. */
  announce(to: string = EVERYONE): void {
    this.#send(to, { type: 'host' });
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
        this.#clients.set(from, true);
        this.#accept(message);
        break;
      case 'ping':
        this.#send(from, { type: 'pong' });
        break;
      case 'cancel':
        this.#cancel((call) => call.message.from === from && call.message.callId === message.callId);
        break;
      case 'unload':
        void this.#release(from).then(() => this.#send(from, { type: 'unloaded' }));
        break;
      case 'bye':
        this.#drop(from);
        break;
    }
  }

  dispose(): void {
    this.#close();
    this.#engine.dispose();
  }

  /** Another tab has taken over: frees the model, and says nothing more. */
  retire(): void {
    this.#close();
    void this.#engine.unload();
  }

  #close(): void {
    this.#closed.abort();
    this.#unsubscribe();
    this.#queue.length = 0;
  }

  #send(to: string, news: HostNews): void {
    if (!this.#closed.signal.aborted) this.#post({ to, hostId: this.#id, ...news });
  }

  #accept(message: ClientCall): void {
    const { loaded } = this.#engine;
    // The engine is busy with another client's answer, by the model that is wanted: no reason to wait for its end.
    if (message.type === 'load' && this.#current?.message.type === 'generate' && isLoaded(loaded, message)) {
      const { from: to, callId } = message;
      this.#send(to, { type: 'event', callId, event: loaded.ready });
      this.#send(to, { type: 'done', callId });
      return;
    }
    this.#queue.push({ message, abort: new AbortController() });
    // Nobody waits for what is only read ahead.
    this.#cancel(
      (call) => call.message.type === 'generate' && call.message.request.readAhead === true && call.message !== message,
    );
    if (this.#current === undefined) void this.#serveAll();
  }

  async #serveAll(): Promise<void> {
    for (let call = this.#queue.shift(); call !== undefined; call = this.#queue.shift()) {
      this.#current = call;
      const { from: to, callId } = call.message;
      this.#send(to, { type: 'started', callId });
      try {
        await this.#serve(call);
        this.#send(to, { type: 'done', callId });
      } catch (error) {
        // A host that goes away says nothing: each client finds the next host, or sees that there is none.
        this.#send(to, { type: 'failed', callId, error: toWireError(error) });
      }
      this.#current = undefined;
    }
  }

  async #serve({ message, abort: { signal } }: QueuedCall): Promise<void> {
    const { from: to, callId, model, backend } = message;
    const target = { model, backend };
    switch (message.type) {
      case 'load':
        return this.#forward(message, this.#engine.load(target, signal));
      case 'generate':
        return this.#forward(message, this.#engine.generate({ ...target, ...message.request }, signal));
      case 'ask':
        if (message.question.kind === 'embed') {
          const embeddings = await this.#engine.embed({ ...target, texts: message.question.texts }, signal);
          this.#send(to, { type: 'reply', callId, reply: { kind: 'vectors', ...embeddings } });
        } else {
          const tokens = await this.#engine.countTokens({ ...target, messages: message.question.messages }, signal);
          this.#send(to, { type: 'reply', callId, reply: { kind: 'token-count', tokens } });
        }
    }
  }

  async #forward({ from: to, callId }: ClientCall, events: AsyncIterable<GenerateEvent>): Promise<void> {
    for await (const event of events) this.#send(to, { type: 'event', callId, event });
  }

  #cancel(matches: (call: QueuedCall) => boolean): void {
    if (this.#current !== undefined && matches(this.#current)) this.#current.abort.abort();
    for (const call of this.#queue.filter(matches)) {
      this.#queue.splice(this.#queue.indexOf(call), 1);
      const { from: to, callId } = call.message;
      this.#send(to, { type: 'failed', callId, error: toWireError(abortError()) });
    }
  }

  /** Ends the calls of a client; frees the model if no other client uses it. */
  async #release(client: string): Promise<void> {
    this.#cancel((call) => call.message.from === client);
    if (this.#clients.has(client)) this.#clients.set(client, false);
    if ([...this.#clients.values()].includes(true)) return;
    await this.#engine.unload();
  }

  #drop(client: string): void {
    this.#clients.delete(client);
    void this.#release(client);
  }

  /** Gets the client's own lock when the client is gone. */
  #watch(client: string): void {
    this.#clients.set(client, false);
    whenReleased(clientLockName(client), this.#closed.signal)
      .then(() => this.#drop(client))
      // Aborted with this host.
      .catch(() => {});
  }
}
