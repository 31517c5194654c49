import type { PromptMessage, PromptPart } from '../../engine.ts';
import { promptText } from '../../prompt-text.ts';
import { defaultScript, type Script } from '../../scripted/default-script.ts';
import type {
  BrowserLanguageModel,
  BrowserMessage,
  BrowserModelCreateOptions,
  BrowserModelOptions,
  BrowserModelSession,
  BrowserPromptOptions,
} from '../browser-language-model.ts';

export interface DoubleOptions {
  readonly availability?: 'unavailable' | 'downloadable' | 'downloading' | 'available';
  readonly script?: Script;
  readonly contextWindow?: number;
  /** Shares of the download between 0 and 1 that it reports. */
  readonly shares?: readonly number[];
  /** Whether the user has just clicked, without which no download starts. */
  readonly isActive?: () => boolean;
  readonly images?: boolean;
  readonly tools?: boolean;
  /** Fails a prompt as the browser's filter does. */
  readonly isFiltered?: boolean;
}

/** What the double was asked, in order. */
export interface DoubleLog {
  readonly created: BrowserModelCreateOptions[];
  readonly prompts: { readonly input: readonly BrowserMessage[]; readonly options: BrowserPromptOptions }[];
}

/**
 * A `LanguageModel` after the IDL of the Prompt API, for browsers without a model: it answers by a script, word by word. Its
 * functions are bound, so that they have no source, as those of a browser have none.
 */
export function languageModelDouble(options: DoubleOptions = {}): BrowserLanguageModel & { readonly log: DoubleLog } {
  const log: DoubleLog = { created: [], prompts: [] };
  let state = options.availability ?? 'available';
  const availability = async (asked: BrowserModelOptions = {}) => {
    const isRefused = asked.expectedInputs?.some(({ type }) => type === 'image') === true && options.images !== true;
    if (options.tools === true) void asked.tools;
    return isRefused ? ('unavailable' as const) : state;
  };
  const create = async (asked: BrowserModelCreateOptions = {}): Promise<BrowserModelSession> => {
    asked.signal?.throwIfAborted();
    if ((await availability(asked)) === 'unavailable') throw new DOMException('no model', 'NotSupportedError');
    if (state === 'downloadable' && options.isActive?.() !== true) {
      throw new DOMException('needs a click', 'NotAllowedError');
    }
    const monitor = new EventTarget();
    asked.monitor?.(monitor);
    for (const loaded of [0, ...(state === 'available' ? [] : (options.shares ?? [])), 1]) {
      monitor.dispatchEvent(new ProgressEvent('downloadprogress', { loaded, total: 1, lengthComputable: true }));
      await Promise.resolve();
    }
    asked.signal?.throwIfAborted();
    state = 'available';
    log.created.push(asked);
    return new DoubleSession(asked, options, log);
  };
  const constructorOf = function LanguageModel(): never {
    throw new TypeError('Illegal constructor');
  }.bind(undefined);
  return Object.assign(constructorOf, {
    availability: availability.bind(undefined),
    create: create.bind(undefined),
    log,
  });
}

class DoubleSession extends EventTarget implements BrowserModelSession {
  readonly contextWindow: number;
  readonly #asked: BrowserModelCreateOptions;
  readonly #options: DoubleOptions;
  readonly #log: DoubleLog;
  readonly #destroyed = new AbortController();
  #messages: readonly BrowserMessage[];

  constructor(asked: BrowserModelCreateOptions, options: DoubleOptions, log: DoubleLog) {
    super();
    this.#asked = asked;
    this.#options = options;
    this.#log = log;
    this.contextWindow = options.contextWindow ?? 2048;
    this.#messages = asked.initialPrompts ?? [];
    validate(this.#messages, false);
    asked.signal?.addEventListener('abort', () => this.destroy());
  }

  get contextUsage(): number {
    return count(this.#messages);
  }

  async measureContextUsage(input: readonly BrowserMessage[]): Promise<number> {
    this.#destroyed.signal.throwIfAborted();
    return count(input);
  }

  destroy(): void {
    this.#destroyed.abort(new DOMException('destroyed', 'AbortError'));
  }

  promptStreaming(input: readonly BrowserMessage[], options: BrowserPromptOptions = {}): ReadableStream<string> {
    this.#log.prompts.push({ input, options });
    const signal = AbortSignal.any([this.#destroyed.signal, ...(options.signal === undefined ? [] : [options.signal])]);
    const pieces = this.#answer(input, signal, options.responseConstraint);
    return new ReadableStream({
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
    });
  }

  async *#answer(
    input: readonly BrowserMessage[],
    signal: AbortSignal,
    responseConstraint: object | undefined,
  ): AsyncGenerator<string, void> {
    signal.throwIfAborted();
    validate(input, this.#messages.length > 0);
    if (this.#options.isFiltered === true) throw new DOMException('filtered', 'NotReadableError');
    const all = [...this.#messages, ...input];
    const requested = count(all);
    if (requested > this.contextWindow) {
      const figures = { requested, quota: this.contextWindow };
      throw Object.assign(new DOMException('too long', 'QuotaExceededError'), figures);
    }
    const script = this.#options.script ?? defaultScript;
    const completion = script(all.map(toPromptMessage), { messages: [] });
    const { text, toolCalls } = typeof completion === 'string' ? { text: completion, toolCalls: [] } : completion;
    const prefix = input.at(-1)?.prefix === true ? promptText(toPromptMessage(input[input.length - 1]).content) : '';
    const rest = responseConstraint === undefined ? text.slice(prefix.length) : JSON.stringify({ said: text });
    for (const word of rest.match(/\s*\S+|\s+$/g) ?? []) {
      // A task of its own, so that a cancel can come between two words.
      await new Promise((resolve) => setTimeout(resolve, 0));
      signal.throwIfAborted();
      yield word;
    }
    const results = toolCalls.map(({ name, argumentsJson }) =>
      this.#asked.tools?.find((tool) => tool.name === name)?.execute(JSON.parse(argumentsJson)),
    );
    await Promise.race([Promise.all(results), rejectOnAbort(signal)]);
    const before = prefix === '' ? all : all.slice(0, -1);
    this.#messages = [...before, { role: 'assistant', content: prefix + rest }];
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason));
  });
}

function toPromptMessage(message: BrowserMessage | undefined): PromptMessage {
  if (message === undefined) throw new TypeError('no message');
  const { role, content } = message;
  if (typeof content === 'string') return { role, content };
  return {
    role,
    content: content.map(
      (part): PromptPart =>
        part.type === 'text' ? { type: 'text', text: part.value } : { type: 'image', image: part.value },
    ),
  };
}

/** @throws as the specification's "validate and canonicalize a prompt" */
function validate(messages: readonly BrowserMessage[], hasAppended: boolean): void {
  for (const [index, { role, prefix = false }] of messages.entries()) {
    if (!['system', 'user', 'assistant'].includes(role)) throw new TypeError(`no role: ${role}`);
    if (role === 'system' && (hasAppended || index > 0)) throw new TypeError('a system message comes first');
    if (prefix && (role !== 'assistant' || index !== messages.length - 1)) {
      throw new DOMException('not a prefix', 'SyntaxError');
    }
  }
}

function count(messages: readonly BrowserMessage[]): number {
  return messages.reduce(
    (sum, message) => sum + (promptText(toPromptMessage(message).content).match(/\s*\S+|\s+$/g) ?? []).length,
    0,
  );
}
