import type { ModelTarget } from '../../models/backend.ts';
import { completeDevice } from '../../models/device.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { AlcoveError, abortError, type ErrorCode } from '../../platform/errors.ts';
import { BASIC_SAMPLING, checkSupported, unsupported } from '../capabilities.ts';
import { checkPrompt } from '../check-prompt.ts';
import {
  type Capabilities,
  type CountTokensCall,
  type EngineNotice,
  type EngineProbe,
  type GenerateCall,
  type GenerateEvent,
  type GenerateRequest,
  isLoaded,
  type LoadedModel,
  type LoadProgress,
  type ModelOwner,
  type PromptMessage,
} from '../engine.ts';
import { OneCallAtATime } from '../one-call-at-a-time.ts';
import { promptText } from '../prompt-text.ts';
import { ReasoningParser } from '../stream/reasoning-parser.ts';
import { defaultScript, type Script, type ScriptedCompletion } from './default-script.ts';
import { ScriptedCall } from './scripted-call.ts';

export interface ScriptedEngineOptions {
  readonly script?: Script;
  /** Default Infinity: a token a microtask. */
  readonly tokensPerSecond?: number;
  /** Default Infinity: a prompt is read at once, without progress. */
  readonly promptTokensPerSecond?: number;
  /** Default Infinity: a load takes a few microtasks. */
  readonly loadBytesPerSecond?: number;
  /** Replaces some of the default capabilities, which are all except embeddings, perplexity, logprobs and raw prompts. */
  readonly capabilities?: Partial<Capabilities>;
}

const WEIGHT_STEPS = 4;
const READING_STEPS = 4;
const DEFAULT_MODEL_BYTES = 1_000_000;

/** Errors that cost the model, as they do with an engine in a worker. */
const LOSSES: ReadonlySet<ErrorCode> = new Set(['device-lost', 'out-of-memory', 'engine-crashed', 'engine-hung']);

const CAPABILITIES: Capabilities = {
  sampling: [...BASIC_SAMPLING, 'topK', 'minP', 'repeatPenalty'],
  thinkingSwitch: true,
  tools: true,
  responseFormats: ['json', 'json-schema', 'grammar'],
  images: true,
  continueLast: true,
  countTokens: true,
  embeddings: false,
  perplexity: false,
  logprobs: undefined,
  toolsWithFormat: false,
  rawPrompt: false,
};

/**
 * Writes the text of a script, word by word, with the same usage every time. It keeps the whole contract and takes
 * injected failures, so that tests of the interface, benchmarks and demonstrations need neither weights nor a GPU.
 */
export class ScriptedEngine implements ModelOwner {
  readonly id = 'scripted';
  readonly #script: Script;
  readonly #tokensPerSecond: number;
  readonly #promptTokensPerSecond: number;
  readonly #loadBytesPerSecond: number;
  readonly #capabilities: Capabilities;
  readonly #listeners = new Set<(notice: EngineNotice) => void>();
  readonly #calls = new OneCallAtATime<ScriptedCall>();
  #loaded: LoadedModel | undefined;
  #loadFailure: AlcoveError | undefined;
  #answerFailure: { readonly tokens: number; readonly error: AlcoveError } | undefined;

  constructor(options: ScriptedEngineOptions = {}) {
    this.#script = options.script ?? defaultScript;
    this.#tokensPerSecond = options.tokensPerSecond ?? Number.POSITIVE_INFINITY;
    this.#promptTokensPerSecond = options.promptTokensPerSecond ?? Number.POSITIVE_INFINITY;
    this.#loadBytesPerSecond = options.loadBytesPerSecond ?? Number.POSITIVE_INFINITY;
    this.#capabilities = { ...CAPABILITIES, ...options.capabilities };
  }

  async probe(): Promise<EngineProbe> {
    return { supported: true, device: completeDevice({}) };
  }

  async capabilities(): Promise<Capabilities> {
    return this.#capabilities;
  }

  get loaded(): LoadedModel | undefined {
    return this.#loaded;
  }

  async *load(target: ModelTarget, signal: AbortSignal): AsyncGenerator<LoadProgress, void> {
    const call = this.#open(signal);
    try {
      yield* this.#load(target, call);
    } finally {
      this.#close(call);
    }
  }

  async *generate({ model, backend, ...request }: GenerateCall, signal: AbortSignal): AsyncGenerator<GenerateEvent> {
    const call = this.#open(signal);
    try {
      checkPrompt(request);
      if (!isLoaded(this.#loaded, { model, backend })) yield* this.#load({ model, backend }, call);
      checkSupported(request, this.#capabilities);
      yield* this.#write(model, request, call);
    } finally {
      this.#close(call);
    }
  }

  async countTokens({ messages, ...target }: CountTokensCall, signal: AbortSignal): Promise<number> {
    const call = this.#open(signal);
    try {
      checkPrompt({ messages, continueLast: messages.at(-1)?.role === 'assistant' });
      for await (const step of this.#load(target, call)) void step;
      if (!this.#capabilities.countTokens) throw unsupported('count-tokens');
      return countTokens(messages);
    } finally {
      this.#close(call);
    }
  }

  async embed(): Promise<never> {
    throw unsupported('embed');
  }

  async unload(): Promise<void> {
    this.#calls.giveUp()?.fail(abortError());
    this.#loaded = undefined;
  }

  subscribe(listener: (notice: EngineNotice) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  dispose(): void {
    this.#calls.dispose();
    this.#calls.current?.fail(abortError());
    this.#listeners.clear();
  }

  /** The next load throws `error` after half of its bytes. */
  failNextLoad(error: AlcoveError): void {
    this.#loadFailure = error;
  }

  /** The next answer throws `error` after so many tokens. */
  failNextAnswer(tokens: number, error: AlcoveError): void {
    this.#answerFailure = { tokens, error };
  }

  /** Acts as if the GPU device, or with another error the worker, went away now. */
  lose(error: AlcoveError = new AlcoveError('device-lost', 'lost by the test')): void {
    const wasLoaded = this.#loaded !== undefined;
    this.#loaded = undefined;
    if (this.#calls.current !== undefined) this.#calls.current.fail(error);
    else if (wasLoaded) for (const listener of this.#listeners) listener({ type: 'lost', error });
  }

  async *#load(target: ModelTarget, call: ScriptedCall): AsyncGenerator<LoadProgress, void> {
    // The size of a record without files is 0.
    const totalBytes = target.model.sizeBytes || DEFAULT_MODEL_BYTES;
    const progress = (phase: LoadProgress['phase'], loadedBytes: number): LoadProgress => {
      return { type: 'load-progress', phase, loadedBytes, totalBytes };
    };
    if (!isLoaded(this.#loaded, target)) {
      this.#loaded = undefined;
      for (let step = 0; step < WEIGHT_STEPS; step++) {
        yield progress('weights', Math.round((totalBytes * step) / WEIGHT_STEPS));
        await call.pause((1000 * totalBytes) / WEIGHT_STEPS / this.#loadBytesPerSecond);
        if (step === WEIGHT_STEPS / 2) this.#failLoad();
      }
      yield progress('weights', totalBytes);
      yield progress('shaders', totalBytes);
    }
    await call.pause(0);
    const ready = { ...progress('ready', totalBytes), capabilities: this.#capabilities };
    if (!isLoaded(this.#loaded, target)) this.#loaded = { ...target, ready };
    yield ready;
  }

  #failLoad(): void {
    const failure = this.#loadFailure;
    this.#loadFailure = undefined;
    if (failure !== undefined) throw failure;
  }

  async *#write(model: ModelRecord, request: GenerateRequest, call: ScriptedCall): AsyncGenerator<GenerateEvent, void> {
    const promptTokens = countTokens(request.messages);
    const { contextWindow } = model;
    if (promptTokens > contextWindow) {
      const data = { promptTokens, contextWindow };
      throw new AlcoveError('context-exceeded', `${promptTokens} tokens in ${contextWindow}`, { data });
    }
    if (Number.isFinite(this.#promptTokensPerSecond)) yield* this.#read(promptTokens, call);
    const { text, toolCalls } = this.#complete(request);
    const completion = tokenize(text);
    const limit = Math.min(request.sampling?.maxTokens ?? contextWindow, contextWindow - promptTokens);
    const tokens = completion.slice(0, limit);
    const failure = this.#answerFailure;
    this.#answerFailure = undefined;
    const parser = new ReasoningParser();
    const startedAt = performance.now();
    for (const [index, token] of tokens.entries()) {
      if (index === failure?.tokens) this.#failAnswer(failure.error);
      // Against the clock, so that a rate above what timers can do holds too: the late tokens come at once.
      await call.pause(startedAt + (1000 * (index + 1)) / this.#tokensPerSecond - performance.now());
      yield* parser.push(token).filter(({ type }) => type === 'text-delta' || request.thinking !== false);
    }
    if (failure !== undefined) this.#failAnswer(failure.error);
    yield* parser.end();
    for (const toolCall of toolCalls) yield { type: 'tool-call', ...toolCall };
    const rate = Number.isFinite(this.#tokensPerSecond) ? this.#tokensPerSecond : undefined;
    yield {
      type: 'usage',
      usage: {
        promptTokens,
        completionTokens: tokens.length,
        reusedTokens: 0,
        timeToFirstTokenMs: 1000 / this.#tokensPerSecond,
        prefillTokensPerSecond: undefined,
        decodeTokensPerSecond: tokens.length > 1 ? rate : undefined,
      },
    };
    const whole = toolCalls.length > 0 ? 'tool-calls' : 'stop';
    yield { type: 'finish', reason: tokens.length < completion.length ? 'length' : whole };
  }

  async *#read(totalTokens: number, call: ScriptedCall): AsyncGenerator<GenerateEvent, void> {
    for (let step = 1; step <= READING_STEPS; step++) {
      await call.pause((1000 * totalTokens) / READING_STEPS / this.#promptTokensPerSecond);
      const readTokens = Math.round((totalTokens * step) / READING_STEPS);
      if (step < READING_STEPS) yield { type: 'reading-progress', readTokens, totalTokens };
    }
  }

  #complete(request: GenerateRequest): ScriptedCompletion {
    const scripted = this.#script(request.messages, request);
    const completion = typeof scripted === 'string' ? { text: scripted, toolCalls: [] } : scripted;
    const start = request.continueLast ? promptText(request.messages.at(-1)?.content ?? '') : '';
    return completion.text.startsWith(start)
      ? { ...completion, text: completion.text.slice(start.length) }
      : completion;
  }

  #failAnswer(error: AlcoveError): never {
    if (LOSSES.has(error.code)) this.#loaded = undefined;
    throw error;
  }

  #open(signal: AbortSignal): ScriptedCall {
    return this.#calls.open(new ScriptedCall(signal), signal);
  }

  #close(call: ScriptedCall): void {
    call.close();
    this.#calls.close(call);
  }
}

function countTokens(messages: readonly PromptMessage[]): number {
  return messages.reduce((sum, { content }) => sum + tokenize(promptText(content)).length, 0);
}

/** Words with the white space before them: roughly the tokens of English text. */
function tokenize(text: string): string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}
