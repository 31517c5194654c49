import { keepAsSibling } from '../../chat/set-aside.ts';
import type { Engine, GenerateEvent, GenerateRequest, PromptMessage } from '../../engine/engine.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import type { WireError } from '../../platform/errors.ts';
import type { RuntimeEvent } from './runtime-event.ts';

/**
 * An answer over the ways that it takes to write it. Where the engine that takes over can continue a text, the answer
 * goes on in the place where it broke off, and its reader sees no break. Where it cannot, it is written again from its
 * start, and the part stays beside it: a beginning that the engine does not take as the model's own words would be
 * answered, not continued.
 */
export class ResumableGeneration {
  readonly #original: GenerateRequest;
  #request: GenerateRequest;
  /** What the reader has of it. */
  #text = '';
  #deltaCount = 0;
  /** Deltas that came before the engine that writes now. */
  #partCount = 0;
  /** Thinking, calls: nothing that could be continued. */
  #hasMore = false;
  #interruption: WireError | undefined;
  /** The error for which the answer is being continued, until the engine has taken it. */
  #continuedAfter: WireError | undefined;

  constructor(request: GenerateRequest) {
    this.#original = request;
    this.#request = request;
  }

  /** What to ask the engine. */
  get request(): GenerateRequest {
    return this.#request;
  }

  add(event: GenerateEvent): void {
    if (event.type === 'load-progress') return;
    this.#continuedAfter = undefined;
    if (event.type === 'reasoning-delta' || event.type === 'tool-call') this.#hasMore = true;
    if (event.type !== 'text-delta') return;
    this.#text += event.text;
    this.#deltaCount++;
  }

  /** The event as the reader's side is to have it: the figures are those of the whole answer. */
  whole(event: GenerateEvent): GenerateEvent {
    if (event.type !== 'usage' || this.#partCount === 0) return event;
    const completionTokens = event.usage.completionTokens + this.#partCount;
    return { type: 'usage', usage: { ...event.usage, completionTokens } };
  }

  interrupt(error: WireError): void {
    this.#interruption = error;
  }

  /** Before the engine that takes over is asked. @returns what the reader's side has to know, if anything */
  async resume(engine: Engine, record: ModelRecord): Promise<RuntimeEvent | undefined> {
    const error = this.#interruption;
    this.#interruption = undefined;
    if (error === undefined || (this.#text === '' && !this.#hasMore)) return undefined;
    const { continueLast } = await engine.capabilities(record);
    if (!continueLast || this.#hasMore || this.#original.responseFormat !== undefined)
      return this.#restartGeneration(error);
    this.#partCount = this.#deltaCount;
    this.#request = this.#continued();
    this.#continuedAfter = error;
    return undefined;
  }

  /** Whether the engine has refused to continue the text, as some chat templates do: it is then asked anew. */
  takeRefusal(): boolean {
    if (this.#continuedAfter === undefined) return false;
    this.#interruption = this.#continuedAfter;
    this.#hasMore = true;
    return true;
  }

  #continued(): GenerateRequest {
    const { messages, sampling } = this.#original;
    const last = messages.at(-1);
    const begun = this.#original.continueLast && typeof last?.content === 'string' ? last.content : '';
    const before = this.#original.continueLast ? messages.slice(0, -1) : messages;
    const part: PromptMessage = { role: 'assistant', content: begun + this.#text };
    const { maxTokens } = sampling ?? {};
    return {
      ...this.#original,
      messages: [...before, part],
      continueLast: true,
      // A delta is a token, as a rule.
      ...(maxTokens !== undefined && {
        sampling: { ...sampling, maxTokens: Math.max(1, maxTokens - this.#deltaCount) },
      }),
    };
  }

  #restartGeneration(error: WireError): RuntimeEvent {
    this.#request = this.#original;
    this.#continuedAfter = undefined;
    this.#text = '';
    this.#deltaCount = 0;
    this.#partCount = 0;
    this.#hasMore = false;
    const id = crypto.randomUUID();
    return {
      type: 'begin-again',
      asideId: id,
      keepAsSibling: (conversation, messageId) =>
        keepAsSibling(conversation, messageId, { id, error, now: Date.now() }),
    };
  }
}
