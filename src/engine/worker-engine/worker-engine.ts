import { type Backend, isSameBackend } from '../../models/backend.ts';
import type { EngineId, ModelRecord } from '../../models/model-record.ts';
import { AlcoveError, abortError, fromWireError } from '../../platform/errors.ts';
import { checkSupported, unsupported } from '../capabilities.ts';
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
import { WorkerLink } from './worker-link.ts';
import type { CallEvent, FromWorker, LoadOptions, LoadReport, Question, Reply, ToWorker } from './worker-protocol.ts';

export interface WorkerEngineOptions {
  /** Of the weight store; default: the app's. */
  readonly storeName?: string;
  /** For tests: a worker with faults built in. */
  readonly createWorker?: () => Worker;
  /** ms without a sign of life after which a worker counts as hung. */
  readonly hungAfterMs?: HungAfterMs;
}

export interface HungAfterMs {
  readonly loading: number;
  readonly generating: number;
}

/** Both engines read an interrupt between tokens only; in a long prefill it is quicker to start a new worker. */
const INTERRUPT_LIMIT_MS = 1_000;

/** A call in progress: `phase` is what its worker is busy with, `undefined` between two phases. */
interface OpenCall {
  readonly signal: AbortSignal;
  readonly onAbort: () => void;
  phase: { readonly name: 'loading' | 'generating'; readonly events: EventQueue<CallEvent> } | undefined;
  interruptTimer: ReturnType<typeof setTimeout> | undefined;
}

/**
 * An engine in a worker of our own, which reads the weight store and keeps the protocol of worker-protocol.ts. A worker
 * holds one model for its life: whatever goes wrong, and every unload, ends the worker, and the next call starts a fresh
 * one.
 */
export abstract class WorkerEngine implements Engine {
  abstract readonly id: EngineId;
  readonly #createWorker: () => Worker;
  readonly #hungAfterMs: HungAfterMs;
  readonly #loadOptions: LoadOptions;
  readonly #listeners = new Set<(notice: EngineNotice) => void>();
  /** What was last asked for; loaded again by itself until `unload`. */
  #wanted: ModelRecord | undefined;
  #way: Backend | undefined;
  #link: WorkerLink | undefined;
  #report: LoadReport | undefined;
  #call: OpenCall | undefined;
  #disposed = false;

  protected constructor(createWorker: () => Worker, hungAfterMs: HungAfterMs, loadOptions: LoadOptions) {
    this.#createWorker = createWorker;
    this.#hungAfterMs = hungAfterMs;
    this.#loadOptions = loadOptions;
    this.#way = loadOptions.way;
  }

  abstract probe(): Promise<EngineProbe>;

  /** What a record tells of a model that is not loaded. */
  protected abstract expectedCapabilities(model: ModelRecord): Capabilities;

  abstract embed(model: ModelRecord, texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]>;

  /** What the model's last load read from storage; undefined while none is loaded. For benchmarks. */
  get loadReport(): LoadReport | undefined {
    return this.#report;
  }

  async capabilities(model: ModelRecord): Promise<Capabilities> {
    const isLoaded = this.#wanted?.id === model.id && this.#report !== undefined;
    return isLoaded && this.#report !== undefined ? this.#report.capabilities : this.expectedCapabilities(model);
  }

  async *load(model: ModelRecord, signal: AbortSignal, way?: Backend): AsyncGenerator<LoadProgress, void> {
    const call = this.#open(signal);
    try {
      const isOtherModel = this.#wanted?.id !== model.id;
      if (isOtherModel || (way !== undefined && !isSameBackend(way, this.#way))) this.#discard();
      if (isOtherModel || way !== undefined) this.#way = way ?? this.#loadOptions.way;
      this.#wanted = model;
      if (this.#report === undefined) yield* this.#load(model, call);
      else yield readyAt(this.#report);
    } finally {
      await this.#close(call);
    }
  }

  async *generate(request: GenerateRequest, signal: AbortSignal): AsyncGenerator<GenerateEvent, void> {
    const call = this.#open(signal);
    try {
      checkPrompt(request);
      if (this.#wanted === undefined) throw new AlcoveError('model-not-loaded', 'load a model first');
      if (this.#report === undefined) yield* this.#load(this.#wanted, call);
      if (this.#report !== undefined) checkSupported(request, this.#report.capabilities);
      for await (const event of this.#run(call, 'generating', { type: 'generate', request })) {
        if (event.type !== 'reply') yield event;
      }
    } finally {
      await this.#close(call);
    }
  }

  async countTokens(messages: readonly PromptMessage[], signal: AbortSignal): Promise<number> {
    const last = messages.at(-1);
    checkPrompt({ messages, continueLast: last?.role === 'assistant' });
    const reply = await this.ask({ kind: 'count-tokens', messages }, signal, ({ countTokens }) => countTokens);
    if (reply.kind !== 'token-count') throw new AlcoveError('internal', `a count came as ${reply.kind}`);
    return reply.tokens;
  }

  async unload(): Promise<void> {
    this.#wanted = undefined;
    this.#cancelOpenCall();
    this.#discard();
  }

  subscribe(listener: (notice: EngineNotice) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  dispose(): void {
    this.#disposed = true;
    this.#listeners.clear();
    this.#cancelOpenCall();
    this.#discard();
  }

  /** Asks the loaded model; loads it where it is lost. */
  protected async ask(
    question: Question,
    signal: AbortSignal,
    isSupported: (capabilities: Capabilities) => boolean,
  ): Promise<Reply> {
    const call = this.#open(signal);
    try {
      if (this.#wanted === undefined) throw new AlcoveError('model-not-loaded', 'load a model first');
      if (this.#report === undefined) for await (const step of this.#load(this.#wanted, call)) void step;
      if (this.#report !== undefined && !isSupported(this.#report.capabilities)) throw unsupported(question.kind);
      let reply: Reply | undefined;
      for await (const event of this.#run(call, 'generating', { type: 'ask', question })) {
        if (event.type === 'reply') reply = event.reply;
      }
      if (reply === undefined) throw new AlcoveError('generation-failed', `no reply to ${question.kind}`);
      return reply;
    } finally {
      await this.#close(call);
    }
  }

  async *#load(model: ModelRecord, call: OpenCall): AsyncGenerator<LoadProgress, void> {
    this.#link ??= this.#startWorker();
    for await (const event of this.#run(call, 'loading', {
      type: 'load',
      model,
      ...this.#loadOptions,
      way: this.#way,
    })) {
      if (event.type === 'load-progress') yield event;
    }
  }

  /** Hands a phase to the worker and yields what it reports until the phase ends. */
  async *#run(call: OpenCall, name: 'loading' | 'generating', message: ToWorker): AsyncGenerator<CallEvent, void> {
    const link = this.#link;
    // The call was cancelled, or the worker was lost, while the consumer held the iterator still.
    if (this.#call !== call || call.signal.aborted) throw abortError();
    if (link === undefined) throw new AlcoveError('engine-crashed', 'the worker was lost between two steps');
    const events = new EventQueue<CallEvent>();
    call.phase = { name, events };
    link.watch(this.#hungAfterMs[name]);
    link.post(message);
    yield* events.read();
    call.phase = undefined;
  }

  #startWorker(): WorkerLink {
    const link: WorkerLink = new WorkerLink(this.#createWorker(), {
      onMessage: (message) => {
        if (this.#link === link) this.#receive(message);
      },
      onDeath: (error) => {
        if (this.#link === link) this.#lose(error);
      },
    });
    return link;
  }

  #receive(message: FromWorker): void {
    const events = this.#call?.phase?.events;
    switch (message.type) {
      case 'load-progress':
        events?.push(message);
        break;
      case 'loaded':
        this.#report = message.report;
        events?.push(readyAt(message.report));
        this.#endPhase();
        break;
      case 'events':
        for (const event of message.events) events?.push(event);
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
      // `started` and `pong` are the link's own.
    }
  }

  /** The model is gone: ends the open call, or tells the listeners when there is none. */
  #lose(error: Error): void {
    const wasLoaded = this.#report !== undefined;
    this.#discard();
    const events = this.#call?.phase?.events;
    if (events?.ended === false) this.#endPhase(error);
    else if (wasLoaded && AlcoveError.isInstance(error)) {
      for (const listener of this.#listeners) listener({ type: 'lost', error });
    }
  }

  #endPhase(error?: Error): void {
    const call = this.#call;
    this.#link?.unwatch();
    clearTimeout(call?.interruptTimer);
    if (error === undefined) call?.phase?.events.end();
    else call?.phase?.events.fail(error);
  }

  /** A load is cancelled by ending its worker; an answer first by asking. */
  #cancel(call: OpenCall): void {
    if (this.#call !== call || call.phase === undefined) return;
    if (call.phase.events.ended) {
      // Over for the worker, not yet for the reader.
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
      this.#link?.post({ type: 'interrupt' });
      call.interruptTimer = setTimeout(giveUp, INTERRUPT_LIMIT_MS);
    }
  }

  #open(signal: AbortSignal): OpenCall {
    if (this.#disposed || signal.aborted) throw abortError();
    if (this.#call !== undefined) throw new AlcoveError('engine-busy', 'another call is open');
    const call: OpenCall = { signal, onAbort: () => this.#cancel(call), phase: undefined, interruptTimer: undefined };
    signal.addEventListener('abort', call.onAbort);
    this.#call = call;
    return call;
  }

  /** A consumer that left the loop early cancels; the engine is free when the worker has stopped. */
  async #close(call: OpenCall): Promise<void> {
    call.signal.removeEventListener('abort', call.onAbort);
    if (this.#call !== call) return;
    if (call.phase !== undefined && !call.phase.events.ended) {
      this.#cancel(call);
      await ended(call.phase.events);
    }
    if (this.#call === call) this.#call = undefined;
  }

  #cancelOpenCall(): void {
    this.#endPhase(abortError());
    this.#call = undefined;
  }

  /** Ends the worker, and with it everything that it holds. */
  #discard(): void {
    this.#link?.terminate();
    this.#link = undefined;
    this.#report = undefined;
  }
}

function readyAt({ totalBytes, capabilities, rung, threadCount }: LoadReport): LoadProgress {
  return {
    type: 'load-progress',
    phase: 'ready',
    loadedBytes: totalBytes,
    totalBytes,
    capabilities,
    ...(rung !== undefined && { runsOn: { rung, ...(threadCount !== undefined && { threadCount }) } }),
  };
}

async function ended(events: EventQueue<CallEvent>): Promise<void> {
  try {
    for await (const event of events.read()) void event;
  } catch {
    // However it ends: nobody listens any more.
  }
}
