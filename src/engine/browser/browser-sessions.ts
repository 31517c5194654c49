import type { GenerateRequest } from '../engine.ts';
import { hasImages } from '../prompt-text.ts';
import { argumentsSchema, offeredTools } from '../tool-prompt.ts';
import type {
  BrowserLanguageModel,
  BrowserMessage,
  BrowserModelCreateOptions,
  BrowserModelSession,
} from './browser-language-model.ts';

/** Called when the model calls a tool. */
export type OnToolCall = (name: string, input: unknown) => void;

/** Sessions of the browser's model. One is kept after its answer, so that the next turn is no prefill of all before it. */
export class BrowserSessions {
  readonly #model: BrowserLanguageModel;
  #kept: { readonly session: BrowserModelSession; readonly messages: readonly BrowserMessage[] } | undefined;

  constructor(model: BrowserLanguageModel) {
    this.#model = model;
  }

  /** Makes a first session, which starts the browser's download if there is one. @param onShare 0–1 of the download */
  async start(signal: AbortSignal, onShare: (share: number) => void): Promise<void> {
    const monitor = (target: EventTarget): void => {
      target.addEventListener('downloadprogress', (event) => onShare(Number(Reflect.get(event, 'loaded'))));
    };
    this.keep(await this.#create({ monitor }, signal), []);
  }

  /** A session that has read all messages but those it is still to be asked. The caller keeps or destroys it. */
  async take(
    messages: readonly BrowserMessage[],
    request: GenerateRequest,
    onToolCall: OnToolCall,
    signal: AbortSignal,
  ): Promise<{ readonly session: BrowserModelSession; readonly asked: readonly BrowserMessage[] }> {
    const tools = offeredTools(request);
    const withImages = request.messages.some(hasImages);
    // A prefix needs the message that it answers in the same prompt.
    const count = Math.max(0, messages.length - (messages.at(-1)?.prefix === true ? 2 : 1));
    const kept = tools.length === 0 && !withImages ? this.#takeKept(messages.slice(0, count)) : undefined;
    if (kept !== undefined) return { session: kept, asked: messages.slice(count) };
    const options: BrowserModelCreateOptions = {
      ...(count > 0 && { initialPrompts: messages.slice(0, count) }),
      ...(withImages && { expectedInputs: [{ type: 'text' }, { type: 'image' }] }),
      ...(tools.length > 0 && {
        tools: tools.map((tool) => ({
          name: tool.name,
          description: tool.description ?? tool.name,
          inputSchema: argumentsSchema(tool),
          // The app runs the tool, and asks again with its result.
          execute: (input: unknown) => {
            onToolCall(tool.name, input);
            return new Promise<never>(() => {});
          },
        })),
      }),
    };
    return { session: await this.#create(options, signal), asked: messages.slice(count) };
  }

  /** Keeps a session that has read these messages. */
  keep(session: BrowserModelSession, messages: readonly BrowserMessage[]): void {
    this.#kept?.session.destroy();
    this.#kept = { session, messages };
  }

  /** Tokens of a prompt, as an answer’s usage has them. */
  async count(messages: readonly BrowserMessage[], signal: AbortSignal): Promise<number> {
    const session = await this.#create({}, signal);
    try {
      return session.contextUsage + (await session.measureContextUsage(messages, { signal }));
    } finally {
      session.destroy();
    }
  }

  end(): void {
    this.#kept?.session.destroy();
    this.#kept = undefined;
  }

  /** The signal of `create` would end the session even after it was made; this one ends only its making. */
  async #create(options: BrowserModelCreateOptions, signal: AbortSignal): Promise<BrowserModelSession> {
    const making = new AbortController();
    const abort = (): void => making.abort(signal.reason);
    signal.throwIfAborted();
    signal.addEventListener('abort', abort);
    try {
      return await this.#model.create({ ...options, signal: making.signal });
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** The kept session, if it has read exactly these messages. */
  #takeKept(messages: readonly BrowserMessage[]): BrowserModelSession | undefined {
    const kept = this.#kept;
    if (kept === undefined || JSON.stringify(kept.messages) !== JSON.stringify(messages)) return undefined;
    this.#kept = undefined;
    return kept.session;
  }
}
