import type { Backend, ModelTarget } from '../../models/backend.ts';
import type { EngineId, ModelRecord } from '../../models/model-record.ts';
import { AlcoveError, abortError, fromWireError } from '../../platform/errors.ts';
import type { WorkerHandle } from '../../platform/module-worker.ts';
import { checkSupported, unsupported } from '../capabilities.ts';
import { checkPrompt } from '../check-prompt.ts';
import {
  type Capabilities,
  type CountTokensCall,
  type EmbedCall,
  type Embeddings,
  type EngineNotice,
  type EngineProbe,
  type GenerateCall,
  type GenerateEvent,
  isLoaded,
  type LoadedModel,
  type LoadProgress,
  type ModelOwner,
} from '../engine.ts';
import { OneCallAtATime } from '../one-call-at-a-time.ts';
import { EventQueue } from '../stream/event-queue.ts';
import { WorkerLink } from './worker-link.ts';
import type { FromWorker, LoadOptions, LoadReport, Question, Reply, ToWorker } from './worker-protocol.ts';

export interface WorkerEngineOptions {
  /** Of the weight store; default: the app's. */
  readonly storeName?: string;
  /** For tests: a worker with faults built in. */
  readonly createWorker?: () => WorkerHandle;
  /** ms without a sign of life after which a worker counts as hung. */
  readonly hungAfterMs?: HungAfterMs;
}

export interface HungAfterMs {
  readonly loading: number;
  readonly generating: number;
}

/** Both engines read an interrupt between tokens only; in a long prefill a new worker is quicker. */
const INTERRUPT_LIMIT_MS = 1_000;

/** A call in progress. */
interface OpenCall {
  readonly signal: AbortSignal;
  readonly onAbort: () => void;
  /** The last task that the worker was given for it. */
  phase: { readonly name: 'loading' | 'generating'; readonly events: EventQueue<GenerateEvent> } | undefined;
  reply: Reply | undefined;
  interruptTimer: ReturnType<typeof setTimeout> | undefined;
}

/** A worker, and the model that it loads or has loaded. This is the one place that knows what is loaded. */
interface ModelWorker {
  readonly link: WorkerLink;
  readonly model: ModelRecord;
  /** The backend that was asked for. */
  readonly backend: Backend | undefined;
  /** Undefined until the model is loaded. */
  report: LoadReport | undefined;
}

/**
 * An engine in a worker of our own, which reads the weight store and speaks the protocol of worker-protocol.ts. A worker
 * holds one model for its life: every fault, another model and `unload` end the worker, and the next call starts a new
 * one.
 */
export abstract class WorkerEngine implements ModelOwner {
  abstract readonly id: EngineId;
  readonly #createWorker: () => WorkerHandle;
  readonly #hungAfterMs: HungAfterMs;
  readonly #readOptions: () => Promise<LoadOptions>;
  readonly #listeners = new Set<(notice: EngineNotice) => void>();
  readonly #calls = new OneCallAtATime<OpenCall>();
  #worker: ModelWorker | undefined;

  /** @param readOptions called for each load */
  protected constructor(
    createWorker: () => WorkerHandle,
    hungAfterMs: HungAfterMs,
    readOptions: () => Promise<LoadOptions>,
  ) {
    this.#createWorker = createWorker;
    this.#hungAfterMs = hungAfterMs;
    this.#readOptions = readOptions;
  }

  abstract probe(): Promise<EngineProbe>;

  /** What the record says of a model that is not loaded. */
  protected abstract expectedCapabilities(model: ModelRecord): Capabilities;

  abstract embed(call: EmbedCall, signal: AbortSignal): Promise<Embeddings>;

  get loaded(): LoadedModel | undefined {
    if (this.#worker?.report === undefined) return undefined;
    const { model, backend, report } = this.#worker;
    return { model, backend, ready: readyEvent(report) };
  }

  /** What the load of the loaded model read from storage. For benchmarks. */
  get loadReport(): LoadReport | undefined {
    return this.#worker?.report;
  }

  async capabilities(model: ModelRecord): Promise<Capabilities> {
    const report = this.#worker?.model.id === model.id ? this.#worker.report : undefined;
    return report?.capabilities ?? this.expectedCapabilities(model);
  }

  async *load(target: ModelTarget, signal: AbortSignal): AsyncGenerator<LoadProgress, void> {
    const call = this.#open(signal);
    try {
      const { loaded } = this;
      if (isLoaded(loaded, target)) {
        yield loaded.ready;
        return;
      }
      for await (const event of this.#load(target, call)) if (event.type === 'load-progress') yield event;
    } finally {
      await this.#close(call);
    }
  }

  async *generate({ model, backend, ...request }: GenerateCall, signal: AbortSignal): AsyncGenerator<GenerateEvent> {
    const call = this.#open(signal);
    try {
      checkPrompt(request);
      const target = { model, backend };
      if (!isLoaded(this.loaded, target)) yield* this.#load(target, call);
      checkSupported(request, await this.capabilities(model));
      yield* this.#run(call, 'generating', { type: 'generate', request });
    } finally {
      await this.#close(call);
    }
  }

  async countTokens({ messages, ...target }: CountTokensCall, signal: AbortSignal): Promise<number> {
    checkPrompt({ messages, continueLast: messages.at(-1)?.role === 'assistant' });
    const reply = await this.ask(target, { kind: 'count-tokens', messages }, signal, ({ countTokens }) => countTokens);
    if (reply.kind !== 'token-count') throw new AlcoveError('internal', `a count came as ${reply.kind}`);
    return reply.tokens;
  }

  async unload(): Promise<void> {
    this.#giveUpCall();
    this.#discard();
  }

  subscribe(listener: (notice: EngineNotice) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  dispose(): void {
    this.#calls.dispose();
    this.#listeners.clear();
    this.#giveUpCall();
    this.#discard();
  }

  /** Asks a model a question, and loads the model first if it is not loaded. */
  protected async ask(
    target: ModelTarget,
    question: Question,
    signal: AbortSignal,
    isSupported: (capabilities: Capabilities) => boolean,
  ): Promise<Reply> {
    const call = this.#open(signal);
    try {
      if (!isLoaded(this.loaded, target)) for await (const step of this.#load(target, call)) void step;
      if (!isSupported(await this.capabilities(target.model))) throw unsupported(question.kind);
      for await (const event of this.#run(call, 'generating', { type: 'ask', question })) void event;
      if (call.reply === undefined) throw new AlcoveError('generation-failed', `no reply to ${question.kind}`);
      return call.reply;
    } finally {
      await this.#close(call);
    }
  }

  /** Loads a model into a new worker. The progress ends when the model is ready. */
  async *#load(target: ModelTarget, call: OpenCall): AsyncGenerator<GenerateEvent> {
    const options = await this.#readOptions();
    const { model, backend = options.backend } = target;
    this.#checkOpen(call);
    this.#discard();
    this.#worker = { link: this.#startWorker(), model, backend, report: undefined };
    yield* this.#run(call, 'loading', { type: 'load', model, ...options, backend });
  }

  /** Hands a task to the worker. @returns what the worker reports until the task ends */
  #run(call: OpenCall, name: 'loading' | 'generating', message: ToWorker): AsyncIterable<GenerateEvent> {
    this.#checkOpen(call);
    const link = this.#worker?.link;
    if (link === undefined) throw new AlcoveError('engine-crashed', 'the worker was lost between two steps');
    const events = new EventQueue<GenerateEvent>();
    call.phase = { name, events };
    link.watch(this.#hungAfterMs[name]);
    link.post(message);
    return events;
  }

  /** @throws AbortError if the call was cancelled while its consumer held the iterator still */
  #checkOpen(call: OpenCall): void {
    if (this.#calls.current !== call || call.signal.aborted) throw abortError();
  }

  #startWorker(): WorkerLink {
    const link: WorkerLink = new WorkerLink(this.#createWorker(), {
      onMessage: (message) => {
        if (this.#worker?.link === link) this.#receive(this.#worker, message);
      },
      onDeath: (error) => {
        if (this.#worker?.link === link) this.#lose(error);
      },
    });
    return link;
  }

  #receive(worker: ModelWorker, message: FromWorker): void {
    const call = this.#calls.current;
    const events = call?.phase?.events;
    switch (message.type) {
      case 'load-progress':
        events?.push(message);
        break;
      case 'loaded':
        worker.report = message.report;
        events?.push(readyEvent(message.report));
        this.#endPhase();
        break;
      case 'events':
        for (const event of message.events) events?.push(event);
        break;
      case 'reply':
        if (call !== undefined) call.reply = message.reply;
        break;
      case 'done':
        this.#endPhase();
        break;
      case 'failed':
        if (!message.usable) this.#discard();
        this.#endPhase(fromWireError(message.error));
        break;
      case 'lost':
        this.#lose(fromWireError(message.error));
        break;
      default:
      // WorkerLink handles `started` and `pong`.
    }
  }

  /** The model is gone: ends the open call, or notifies the listeners if there is none. */
  #lose(error: Error): void {
    const wasLoaded = this.#worker?.report !== undefined;
    this.#discard();
    const events = this.#calls.current?.phase?.events;
    if (events?.ended === false) this.#endPhase(error);
    else if (wasLoaded && AlcoveError.isInstance(error)) {
      for (const listener of this.#listeners) listener({ type: 'lost', error });
    }
  }

  #endPhase(error?: Error): void {
    const call = this.#calls.current;
    this.#worker?.link.unwatch();
    clearTimeout(call?.interruptTimer);
    if (error === undefined) call?.phase?.events.end();
    else call?.phase?.events.fail(error);
  }

  /** Ends the worker of a load; an answer is first asked to end. */
  #cancel(call: OpenCall): void {
    if (this.#calls.current !== call || call.phase === undefined) return;
    if (call.phase.events.ended) {
      // The worker has finished, the consumer has not read everything.
      call.phase.events.cutShort(abortError());
      return;
    }
    const giveUp = () => {
      this.#discard();
      this.#endPhase(abortError());
    };
    if (call.phase.name === 'loading') {
      giveUp();
    } else if (call.interruptTimer === undefined) {
      this.#worker?.link.post({ type: 'interrupt' });
      call.interruptTimer = setTimeout(giveUp, INTERRUPT_LIMIT_MS);
    }
  }

  #open(signal: AbortSignal): OpenCall {
    const onAbort = (): void => this.#cancel(call);
    const call: OpenCall = { signal, onAbort, phase: undefined, reply: undefined, interruptTimer: undefined };
    this.#calls.open(call, signal);
    signal.addEventListener('abort', onAbort);
    return call;
  }

  /** A consumer that left the loop early cancels the call; the engine is free when the worker has stopped. */
  async #close(call: OpenCall): Promise<void> {
    call.signal.removeEventListener('abort', call.onAbort);
    if (this.#calls.current !== call) return;
    if (call.phase !== undefined && !call.phase.events.ended) {
      this.#cancel(call);
      await call.phase.events.drained();
    }
    this.#calls.close(call);
  }

  #giveUpCall(): void {
    this.#endPhase(abortError());
    this.#calls.giveUp();
  }

  /** Ends the worker, and with it everything that it holds. */
  #discard(): void {
    this.#worker?.link.terminate();
    this.#worker = undefined;
  }
}

function readyEvent({ totalBytes, capabilities, backend }: LoadReport): LoadProgress {
  return {
    type: 'load-progress',
    phase: 'ready',
    loadedBytes: totalBytes,
    totalBytes,
    capabilities,
    ...(backend !== undefined && { backend }),
  };
}
