import { estimateTokens } from '../../chat/prompt/token-estimate.ts';
import type { GenerateRequest, PromptMessage, Sampling, ToolCall } from '../../engine/engine.ts';
import { promptText } from '../../engine/prompt-text.ts';
import { AlcoveError } from '../../platform/errors.ts';
import { isFields } from '../../platform/untrusted-json.ts';
import type { ModelSession } from '../../session/model-session.ts';
import { TurnQueue } from '../../session/turn-queue.ts';
import { startAnswer } from '../answer-events.ts';
import { checkJsonSchema } from '../json-schema.ts';
import { toDomException } from './language-model-errors.ts';
import type {
  LanguageModelCreateCoreOptions,
  LanguageModelCreateOptions,
  LanguageModelPrompt,
  LanguageModelPromptOptions,
  LanguageModelSamplingMode,
  LanguageModelTool,
} from './language-model-types.ts';
import { type ReadPrompt, readPrompt } from './read-prompt.ts';

/** A model that keeps calling tools is stopped after so many answers. */
const MOST_ROUNDS = 8;

/** `default` and `balanced` leave the model its own values. */
const TEMPERATURES: Partial<Readonly<Record<LanguageModelSamplingMode, number>>> = {
  'most-predictable': 0,
  predictable: 0.3,
  creative: 1,
  'most-creative': 1.5,
};

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
  #onOverflow: ((event: Event) => void) | null = null;

  protected constructor(
    settings: LanguageModelSettings,
    initial: readonly PromptMessage[],
    messages = initial,
    contextUsage = 0,
  ) {
    super();
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

  get samplingMode(): LanguageModelSamplingMode | null {
    const { samplingMode = 'default' } = this.#settings.options;
    return samplingMode === 'default' ? null : samplingMode;
  }

  /** Called when the oldest messages have been left out, because the context window is full. */
  get oncontextoverflow(): ((event: Event) => void) | null {
    return this.#onOverflow;
  }

  set oncontextoverflow(listener: ((event: Event) => void) | null) {
    if (this.#onOverflow !== null) this.removeEventListener('contextoverflow', this.#onOverflow);
    this.#onOverflow = listener;
    if (listener !== null) this.addEventListener('contextoverflow', listener);
  }

  /** @throws DOMException; TypeError for a malformed prompt */
  async prompt(input: LanguageModelPrompt, options: LanguageModelPromptOptions = {}): Promise<string> {
    let text = '';
    for await (const piece of this.#answer(input, options)) text += piece;
    return text;
  }

  /** The answer in pieces. A cancel of the stream ends it. */
  promptStreaming(input: LanguageModelPrompt, options: LanguageModelPromptOptions = {}): ReadableStream<string> {
    const pieces = this.#answer(input, options);
    return new ReadableStream({
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await pieces.return();
      },
    });
  }

  /** Adds messages without an answer to them. */
  async append(input: LanguageModelPrompt, { signal }: Pick<LanguageModelPromptOptions, 'signal'> = {}): Promise<void> {
    const ended = this.#signal(signal);
    const end = await this.#turn(ended);
    try {
      const { messages } = await this.#read(input);
      const all = [...this.#messages, ...messages];
      const usage = await this.#count(all, ended);
      if (usage > this.contextWindow) throw this.#tooLong(usage);
      this.#messages = all;
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
      return await this.#count((await this.#read(input)).messages, ended);
    } catch (error) {
      throw toDomException(error, ended);
    }
  }

  /** A session with the same conversation so far. */
  async clone({ signal }: Pick<LanguageModelPromptOptions, 'signal'> = {}): Promise<this> {
    this.#signal(signal).throwIfAborted();
    const { constructor: Session } = this;
    return Reflect.construct(Session, [this.#settings, this.#initial, this.#messages, this.#contextUsage]);
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
      yield* this.#generate(prompt, this.#request(responseConstraint), ended);
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
    let added: readonly PromptMessage[] = messages;
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
      if (calls.length === 0) break;
      added = [...added, ...(await this.#run(calls))];
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

  #request(responseConstraint: object | undefined): Omit<GenerateRequest, 'messages'> {
    const { samplingMode = 'default', temperature = TEMPERATURES[samplingMode], topK } = this.#settings.options;
    const sampling: Sampling = {
      ...(temperature !== undefined && { temperature }),
      ...(topK !== undefined && { topK }),
    };
    const tools = this.#tools.map(({ name, description, inputSchema }) => {
      return { name, description, parameters: checkJsonSchema(inputSchema, 'inputSchema') };
    });
    if (responseConstraint instanceof RegExp) {
      throw new DOMException('a RegExp as responseConstraint is not supported', 'NotSupportedError');
    }
    const schema = responseConstraint && checkJsonSchema(responseConstraint, 'responseConstraint');
    return {
      sampling,
      ...(tools.length > 0 && { tools }),
      ...(schema !== undefined && { responseFormat: { type: 'json-schema', schema } }),
    };
  }

  get #tools(): readonly LanguageModelTool[] {
    return this.#settings.options.tools ?? [];
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
