import { estimateTokens } from '../../chat/prompt/token-estimate.ts';
import type { GenerateRequest, PromptMessage, Sampling, ToolCall } from '../../engine/engine.ts';
import { hasImages, promptText } from '../../engine/prompt-text.ts';
import { AlcoveError } from '../../platform/errors.ts';
import { isFields } from '../../platform/untrusted-json.ts';
import type { ModelSession } from '../../session/model-session.ts';
import { TurnQueue } from '../../session/turn-queue.ts';
import { startAnswer } from '../answer-events.ts';
import { checkJsonSchema } from '../json-schema.ts';
import { checkActive } from './document-access.ts';
import { toDomException } from './language-model-errors.ts';
import type {
  LanguageModelCreateCoreOptions,
  LanguageModelCreateOptions,
  LanguageModelPrompt,
  LanguageModelPromptOptions,
  LanguageModelSamplingMode,
  LanguageModelTool,
} from './language-model-types.ts';
import { readConstraint } from './read-constraint.ts';
import { type ReadPrompt, readPrompt } from './read-prompt.ts';

/** llama.cpp's defaults; a model's own configuration may say otherwise. */
export const DEFAULT_TOP_K = 40;
export const DEFAULT_TEMPERATURE = 0.8;

/** A model that keeps calling tools is stopped after so many answers. */
const MOST_ROUNDS = 8;

/** `balanced` leaves the model its own values. The specification leaves the others to the implementation. */
const TEMPERATURES: Partial<Readonly<Record<LanguageModelSamplingMode, number>>> = {
  'most-predictable': 0,
  predictable: 0.3,
  'slightly-predictable': 0.5,
  'slightly-creative': 0.9,
  creative: 1,
  'most-creative': 1.5,
};

type Listener = ((event: Event) => void) | null;

export interface LanguageModelSettings {
  readonly session: ModelSession;
  readonly modelId: string;
  readonly contextWindow: number;
  readonly options: LanguageModelCreateOptions;
}

/** A session of the Prompt API: a conversation with the model, in memory alone. */
export class LanguageModelSession extends EventTarget {
  readonly #settings: LanguageModelSettings;
  readonly #destroyed = new AbortController();
  /** Prompts of one session are answered in their order. */
  readonly #turns = new TurnQueue();
  readonly #initial: readonly PromptMessage[];
  #messages: readonly PromptMessage[];
  #contextUsage = 0;
  readonly #handlers = new Map<string, NonNullable<Listener>>();

  protected constructor(
    settings: LanguageModelSettings,
    initial: readonly PromptMessage[],
    messages = initial,
    contextUsage = 0,
  ) {
    super();
    if (Reflect.get(Object(settings), 'session') === undefined) throw new TypeError('Illegal constructor');
    const { signal } = settings.options;
    signal?.addEventListener('abort', () => this.#destroyed.abort(signal.reason), { signal: this.#destroyed.signal });
    this.#settings = settings;
    this.#initial = initial;
    this.#messages = messages;
    this.#contextUsage = contextUsage;
  }

  /** Tokens of the conversation. */
  get contextUsage(): number {
    return this.#contextUsage;
  }

  /** Tokens. */
  get contextWindow(): number {
    return this.#settings.contextWindow;
  }

  /** Null if `temperature` or `topK` was given in its place. */
  get samplingMode(): LanguageModelSamplingMode | null {
    const { samplingMode, temperature, topK } = this.#settings.options;
    return samplingMode ?? (temperature === undefined && topK === undefined ? 'balanced' : null);
  }

  /** For extensions in Chrome. What `create` was given, else llama.cpp's default. */
  get topK(): number {
    return Math.floor(this.#settings.options.topK ?? DEFAULT_TOP_K);
  }

  /** For extensions in Chrome. What `create` was given, else llama.cpp's default. */
  get temperature(): number {
    return this.#settings.options.temperature ?? DEFAULT_TEMPERATURE;
  }

  /** Called when the oldest messages have been left out, because the context window is full. */
  get oncontextoverflow(): Listener {
    return this.#handlers.get('contextoverflow') ?? null;
  }

  set oncontextoverflow(listener: Listener) {
    this.#handle('contextoverflow', listener);
  }

  /** @deprecated for extensions: `oncontextoverflow` */
  get onquotaoverflow(): Listener {
    return this.#handlers.get('quotaoverflow') ?? null;
  }

  set onquotaoverflow(listener: Listener) {
    this.#handle('quotaoverflow', listener);
  }

  /** @deprecated for extensions: `contextUsage` */
  get inputUsage(): number {
    return this.contextUsage;
  }

  /** @deprecated for extensions: `contextWindow` */
  get inputQuota(): number {
    return this.contextWindow;
  }

  /** @throws DOMException; TypeError for a malformed prompt */
  async prompt(input: LanguageModelPrompt, options: LanguageModelPromptOptions = {}): Promise<string> {
    let text = '';
    for await (const piece of this.#answer(input, options)) text += piece;
    return text;
  }

  /**
   * The answer in pieces. A cancel of the stream ends it.
   * @throws the signal's reason if it was aborted before, or an AbortError if the session was destroyed
   */
  promptStreaming(input: LanguageModelPrompt, options: LanguageModelPromptOptions = {}): ReadableStream<string> {
    this.#signal(options.signal).throwIfAborted();
    const left = new AbortController();
    const signal = options.signal === undefined ? left.signal : AbortSignal.any([options.signal, left.signal]);
    const pieces = this.#answer(input, { ...options, signal });
    // Started now, so that prompts are answered in the order of their calls, also if nobody reads yet.
    let next: Promise<IteratorResult<string, void>> | undefined = pieces.next();
    next.catch(() => {});
    return new ReadableStream({
      async pull(controller) {
        const { done, value } = await (next ?? pieces.next());
        next = undefined;
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      cancel() {
        left.abort();
        pieces.return().catch(() => {});
      },
    });
  }

  /** Adds messages without an answer to them. */
  async append(input: LanguageModelPrompt, { signal }: Pick<LanguageModelPromptOptions, 'signal'> = {}): Promise<void> {
    const ended = this.#signal(signal);
    const end = await this.#turn(ended);
    try {
      const { messages } = await this.#read(input);
      const usage = this.#contextUsage + (await this.#count(messages, ended));
      if (usage > this.contextWindow) throw this.#tooLong(usage);
      this.#messages = [...this.#messages, ...messages.filter((message) => !isEmpty(message))];
      this.#contextUsage = usage;
    } catch (error) {
      throw toDomException(error, ended);
    } finally {
      end();
    }
  }

  /** Tokens that a prompt would take. Estimated for an engine that cannot count. */
  async measureContextUsage(input: LanguageModelPrompt, options: LanguageModelPromptOptions = {}): Promise<number> {
    const ended = this.#signal(options.signal);
    ended.throwIfAborted();
    if (options.omitResponseConstraintInput && options.responseConstraint === undefined) {
      throw new TypeError('omitResponseConstraintInput needs a responseConstraint');
    }
    try {
      // Measured as if nothing came before it.
      const { messages } = await readPrompt(input, expectedTypes(this.#settings.options), false);
      return await this.#count(messages, ended);
    } catch (error) {
      throw toDomException(error, ended);
    }
  }

  /** @deprecated for extensions: `measureContextUsage` */
  measureInputUsage(input: LanguageModelPrompt, options: LanguageModelPromptOptions = {}): Promise<number> {
    return this.measureContextUsage(input, options);
  }

  /** A session with the same conversation so far. */
  async clone({ signal }: Pick<LanguageModelPromptOptions, 'signal'> = {}): Promise<this> {
    this.#signal(signal).throwIfAborted();
    const { constructor: Session } = this;
    // The signal of `create` ends this session alone.
    const { signal: _, ...options } = this.#settings.options;
    const settings: LanguageModelSettings = { ...this.#settings, options };
    return Reflect.construct(Session, [settings, this.#initial, this.#messages, this.#contextUsage]);
  }

  /** Ends open prompts as aborted; later ones are refused. */
  destroy(): void {
    this.#destroyed.abort(new DOMException('The session was destroyed.', 'AbortError'));
  }

  async *#answer(
    input: LanguageModelPrompt,
    { responseConstraint, signal }: LanguageModelPromptOptions,
  ): AsyncGenerator<string, void> {
    const ended = this.#signal(signal);
    const end = await this.#turn(ended);
    try {
      const prompt = await this.#read(input);
      const prefix = prompt.hasPrefix ? promptText(prompt.messages.at(-1)?.content ?? '') : '';
      yield* this.#generate(prompt, this.#request(responseConstraint, prefix), ended);
    } catch (error) {
      throw toDomException(error, ended);
    } finally {
      end();
    }
  }

  /** Answers a prompt, with as many answers between as the model calls tools. */
  async *#generate(
    { messages, hasPrefix }: ReadPrompt,
    request: Omit<GenerateRequest, 'messages'>,
    signal: AbortSignal,
  ): AsyncGenerator<string, void> {
    // An empty prompt asks for the answer to what was appended; to nothing there is no answer.
    let added: readonly PromptMessage[] = messages.filter((message) => !isEmpty(message));
    if ((added.at(-1) ?? this.#messages.at(-1))?.role !== 'user' && added.length < messages.length) return;
    const before = this.#contextUsage;
    const known = this.#messages.length;
    let asked: number | undefined = await this.#count(messages, signal);
    let answer = '';
    let continueLast = hasPrefix;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const events = await this.#start(added, { ...request, ...(continueLast && { continueLast }) }, signal);
      const calls: ToolCall[] = [];
      let text = '';
      for await (const event of events) {
        if (event.type === 'text-delta') {
          text += event.text;
          yield event.text;
        } else if (event.type === 'tool-call') {
          calls.push({ ...event, id: crypto.randomUUID() });
        } else if (event.type === 'usage') {
          this.#contextUsage = event.usage.promptTokens + event.usage.completionTokens;
        }
      }
      added = withAnswer(added, text, calls, continueLast);
      continueLast = false;
      answer = text;
      if (calls.length === 0) break;
      asked = undefined;
      added = [...added, ...(await this.#run(calls))];
    }
    // The specification adds what each part takes. After tools, or with messages left out, the engine's own figure stays.
    if (asked !== undefined && this.#messages.length === known) {
      this.#contextUsage = before + asked + (await this.#count([{ role: 'user', content: answer }], signal));
    }
    this.#messages = [...this.#messages, ...added];
  }

  /** Starts an answer. While it is too long for the context window, the oldest messages are left out. */
  async #start(added: readonly PromptMessage[], request: Omit<GenerateRequest, 'messages'>, signal: AbortSignal) {
    const { session, modelId } = this.#settings;
    for (;;) {
      try {
        return await startAnswer(session, modelId, { messages: [...this.#messages, ...added], ...request }, signal);
      } catch (error) {
        const isTooLong = AlcoveError.isInstance(error) && error.code === 'context-exceeded';
        if (!isTooLong || this.#messages.length <= this.#initial.length) throw error;
        this.#leaveOutOldest();
      }
    }
  }

  /** Leaves out the oldest message that is not one of the initial prompts, and what follows it up to the next question. */
  #leaveOutOldest(): void {
    const later = this.#messages.slice(this.#initial.length + 1);
    const next = later.findIndex(({ role }) => role === 'user');
    this.#messages = [...this.#initial, ...(next === -1 ? [] : later.slice(next))];
    this.dispatchEvent(new Event('contextoverflow'));
    this.dispatchEvent(new Event('quotaoverflow'));
  }

  async #run(calls: readonly ToolCall[]): Promise<readonly PromptMessage[]> {
    return Promise.all(
      calls.map(async ({ id, name, argumentsJson }): Promise<PromptMessage> => {
        const tool = this.#tools.find((offered) => offered.name === name);
        const input: unknown = JSON.parse(argumentsJson);
        const result = await tool?.execute(isFields(input) ? input : {});
        return { role: 'tool', toolCallId: id, content: String(result) };
      }),
    );
  }

  #request(responseConstraint: object | undefined, prefix: string): Omit<GenerateRequest, 'messages'> {
    const { samplingMode = 'balanced', temperature = TEMPERATURES[samplingMode], topK } = this.#settings.options;
    const sampling: Sampling = {
      ...(temperature !== undefined && { temperature }),
      ...(topK !== undefined && { topK: Math.floor(topK) }),
    };
    const tools = this.#tools.map(({ name, description, inputSchema }) => {
      return { name, description, parameters: checkJsonSchema(inputSchema, 'inputSchema') };
    });
    const responseFormat = readConstraint(responseConstraint, prefix);
    return {
      sampling,
      ...(tools.length > 0 && { tools }),
      ...(responseFormat !== undefined && { responseFormat }),
    };
  }

  get #tools(): readonly LanguageModelTool[] {
    return this.#settings.options.tools ?? [];
  }

  #handle(type: string, listener: Listener): void {
    const before = this.#handlers.get(type);
    if (before !== undefined) this.removeEventListener(type, before);
    if (typeof listener !== 'function') {
      this.#handlers.delete(type);
      return;
    }
    this.#handlers.set(type, listener);
    this.addEventListener(type, listener);
  }

  #read(input: LanguageModelPrompt): Promise<ReadPrompt> {
    return readPrompt(input, expectedTypes(this.#settings.options), this.#messages.length > 0);
  }

  async #count(messages: readonly PromptMessage[], signal: AbortSignal): Promise<number> {
    const { session, modelId } = this.#settings;
    const isCountable = messages.some(({ content }) => promptText(content).trim() !== '');
    const counted = isCountable ? await session.countTokens(modelId, messages, signal) : undefined;
    return counted ?? messages.reduce((sum, { content }) => sum + estimateTokens(promptText(content)), 0);
  }

  #tooLong(promptTokens: number): AlcoveError {
    const data = { promptTokens, contextWindow: this.contextWindow };
    return new AlcoveError('context-exceeded', 'The prompt is longer than the context window.', { data });
  }

  #signal(signal: AbortSignal | undefined): AbortSignal {
    checkActive();
    return signal === undefined ? this.#destroyed.signal : AbortSignal.any([this.#destroyed.signal, signal]);
  }

  async #turn(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    try {
      return await this.#turns.take(signal);
    } catch (error) {
      throw toDomException(error, signal);
    }
  }
}

export function expectedTypes({ expectedInputs = [] }: LanguageModelCreateCoreOptions): ReadonlySet<string> {
  return new Set(['text', ...expectedInputs.map(({ type }) => type)]);
}

/** The messages of a prompt with their answer, which continues a prefix. */
function withAnswer(
  messages: readonly PromptMessage[],
  text: string,
  toolCalls: readonly ToolCall[],
  continuesLast: boolean,
): readonly PromptMessage[] {
  const prefix = continuesLast ? promptText(messages.at(-1)?.content ?? '') : '';
  const before = continuesLast ? messages.slice(0, -1) : messages;
  return [...before, { role: 'assistant', content: prefix + text, ...(toolCalls.length > 0 && { toolCalls }) }];
}

/** A user's message that says and shows nothing, which no chat template is made for. */
function isEmpty(message: PromptMessage): boolean {
  return message.role === 'user' && promptText(message.content).trim() === '' && !hasImages(message);
}
