import { keepAsSibling } from '../../chat/edits.ts';
import { findDegeneration } from '../../engine/degenerate-text.ts';
import type { Engine, GenerateEvent, GenerateRequest, PromptMessage } from '../../engine/engine.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import type { WireError } from '../../platform/errors.ts';
import type { RuntimeEvent } from './runtime-event.ts';

/** Deltas after which a text is looked at once for the signs of a broken model. */
const LOOK_AFTER_DELTAS = 48;

/**
 * One answer over all the backends that it takes to write it. If the next engine can continue a text, the answer continues
 * where it was cut off, and the user sees no gap. If it cannot, the answer restarts, and the text so far is kept as a
 * sibling: an engine that does not take a text as the beginning of its own answer would answer it instead.
 */
export class ResumableGeneration {
  readonly #original: GenerateRequest;
  #request: GenerateRequest;
  #text = '';
  #deltaCount = 0;
  /** Deltas that earlier engines wrote. */
  #partCount = 0;
  /** Reasoning or tool calls, which cannot be continued. */
  #hasMore = false;
  #interruption: WireError | undefined;
  /** The error after which the answer is being continued, until the engine accepts the continuation. */
  #continuedAfter: WireError | undefined;

  constructor(request: GenerateRequest) {
    this.#original = request;
    this.#request = request;
  }

  get request(): GenerateRequest {
    return this.#request;
  }

  add(event: GenerateEvent): void {
    if (event.type === 'load-progress') return;
    this.#continuedAfter = undefined;
    if (event.type === 'reasoning-delta' || event.type === 'tool-call' || event.type === 'text-was-reasoning')
      this.#hasMore = true;
    if (event.type !== 'text-delta') return;
    this.#text += event.text;
    this.#deltaCount++;
  }

  /** The event with the figures of the whole answer. */
  whole(event: GenerateEvent): GenerateEvent {
    if (event.type !== 'usage' || this.#partCount === 0) return event;
    const completionTokens = event.usage.completionTokens + this.#partCount;
    return { type: 'usage', usage: { ...event.usage, completionTokens } };
  }

  /** Whether the text, at this length, looks like that of a broken model; a good one can then continue it. */
  get seemsBroken(): boolean {
    if (this.#deltaCount !== LOOK_AFTER_DELTAS || this.#hasMore || this.#original.responseFormat !== undefined)
      return false;
    return findDegeneration(this.#text) !== undefined;
  }

  /** The text so far is not worth continuing: the answer restarts on the next backend. */
  distrust(): void {
    this.#hasMore = true;
  }

  interrupt(error: WireError): void {
    this.#interruption = error;
  }

  /** Prepares the request for the next engine. @returns the restart, if the answer cannot be continued */
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

  /** @returns whether the engine has refused to continue the text, as some chat templates do; the answer then restarts */
  takeRefusal(): boolean {
    if (this.#continuedAfter === undefined) return false;
    this.#interruption = this.#continuedAfter;
    this.#hasMore = true;
    return true;
  }

  #continued(): GenerateRequest {
    const { messages, sampling } = this.#original;
    const last = messages.at(-1);
    const start = this.#original.continueLast && typeof last?.content === 'string' ? last.content : '';
    const before = this.#original.continueLast ? messages.slice(0, -1) : messages;
    const part: PromptMessage = { role: 'assistant', content: start + this.#text };
    const { maxTokens } = sampling ?? {};
    return {
      ...this.#original,
      messages: [...before, part],
      continueLast: true,
      // Most deltas are one token.
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
      type: 'restart',
      siblingId: id,
      keepAsSibling: (conversation, messageId) =>
        keepAsSibling(conversation, messageId, { id, error, now: Date.now() }),
    };
  }
}
