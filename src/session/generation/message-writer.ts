import type { Conversation, Message, MessageStatistics } from '../../chat/conversation.ts';
import {
  appended,
  type MessagePart,
  type ToolCallPart,
  type ToolResultPart,
  textOf,
} from '../../chat/message-parts.ts';
import { updateMessage } from '../../chat/tree.ts';
import type { FinishReason, Usage } from '../../engine/engine.ts';
import { isAbortError, toWireError } from '../../platform/errors.ts';
import type { ChatRepository } from '../chats/chat-repository.ts';
import type { RestartEvent, RuntimeEvent } from '../runtime/runtime-event.ts';
import { needsSpace } from './continue-prompt.ts';
import { measureFlushCost, RenderThrottle } from './render-throttle.ts';

/** Publishes a generation at most once a frame and stores it within two seconds, however the generation ends. */
export class MessageWriter {
  readonly #repository: ChatRepository;
  readonly #chatId: string;
  readonly #messageId: string;
  /** Statistics of the first part of a continued answer. */
  readonly #before: MessageStatistics | undefined;
  readonly #throttle = new RenderThrottle(performance.now());
  readonly #initialParts: readonly MessagePart[];
  /** Whether the model was asked to continue `#initialParts`, so that its first word may need a space before it. */
  readonly #isAskedToContinue: boolean;
  #parts: readonly MessagePart[];
  /** What was there when the model was asked last: it has read the results of its calls since. */
  #earlierParts: readonly MessagePart[];
  /** When the last part began, if that is reasoning. */
  #reasoningBeganAt: number | undefined;
  #hasBegun = false;
  #usage: Usage | undefined;
  #finishReason: FinishReason | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isMeasuringFlush = false;

  /** @param message its parts are kept, and the generated ones appended */
  constructor(repository: ChatRepository, chatId: string, message: Message) {
    this.#isAskedToContinue = message.continued === 'by-asking';
    this.#repository = repository;
    this.#chatId = chatId;
    this.#messageId = message.id;
    this.#initialParts = message.parts;
    this.#parts = message.parts;
    this.#earlierParts = message.parts;
    this.#before = message.statistics;
  }

  /** Whether there is nothing left to write into. */
  get isGone(): boolean {
    return this.#conversation === undefined;
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  add(event: RuntimeEvent): void {
    switch (event.type) {
      case 'restart':
        this.#restartGeneration(event);
        break;
      case 'usage':
        this.#usage = this.#usage === undefined ? event.usage : together(this.#usage, event.usage);
        break;
      case 'finish':
        this.#finishReason = event.reason;
        break;
      case 'text-delta':
        this.#addText(event.text);
        this.#flushSoon(event.text.length);
        break;
      case 'reasoning-delta':
        this.#addReasoning(event.text);
        this.#flushSoon(event.text.length);
        break;
      case 'text-was-reasoning':
        this.#parts = [...this.#earlierParts, ...this.#parts.slice(this.#earlierParts.length).map(asReasoning)];
        this.#flushSoon(0);
        break;
      case 'tool-call':
        this.#parts = [...this.#parts, { ...event, id: this.#uniqueCallId(event.id), state: 'pending' }];
        this.#flushSoon(0);
        break;
    }
  }

  /** The calls that the model has made since it was asked last. */
  get calls(): readonly ToolCallPart[] {
    return this.#parts
      .slice(this.#earlierParts.length)
      .filter((part): part is ToolCallPart => part.type === 'tool-call');
  }

  startCall(id: string): void {
    this.#setCall(id, 'running');
  }

  endCall(id: string, state: ToolCallPart['state'], result: Omit<ToolResultPart, 'type' | 'toolCallId'>): void {
    this.#parts = [...this.#parts, { type: 'tool-result', toolCallId: id, ...result }];
    this.#setCall(id, state);
  }

  /** The model is asked again, with what is there now. */
  beginRound(): void {
    this.#earlierParts = this.#parts;
    this.#reasoningBeganAt = undefined;
  }

  note(change: Partial<Message>): void {
    this.#change(change, 'soon');
  }

  complete(): void {
    this.#end({ status: 'complete' });
  }

  async fail(error: unknown): Promise<void> {
    if (!isAbortError(error)) {
      this.#end({ status: 'failed', error: toWireError(error, 'generation-failed') });
      return;
    }
    // Yield once so that the screen responds to the user's click on Stop first.
    await new Promise((resolve) => setTimeout(resolve));
    this.#end({ status: 'stopped' });
  }

  #addText(text: string): void {
    const isFirst = this.#isAskedToContinue && textOf({ parts: this.#parts }) === textOf({ parts: this.#initialParts });
    const space = isFirst && needsSpace(textOf({ parts: this.#initialParts }), text) ? ' ' : '';
    this.#parts = appended(this.#parts, { type: 'text', text: space + text });
  }

  /** Some servers give their calls no ids, or the same in each answer. */
  #uniqueCallId(id: string): string {
    const isUsed = this.#parts.some((part) => part.type === 'tool-call' && part.id === id);
    return id === '' || isUsed ? crypto.randomUUID() : id;
  }

  #setCall(id: string, state: ToolCallPart['state']): void {
    this.#parts = this.#parts.map((part) => (part.type === 'tool-call' && part.id === id ? { ...part, state } : part));
    this.#change({}, 'now');
  }

  #flushSoon(characters: number): void {
    this.#hasBegun = true;
    this.#throttle.note(characters, performance.now());
    this.#timer ??= setTimeout(() => this.#flush(), this.#throttle.intervalMs);
  }

  #addReasoning(text: string): void {
    const last = this.#parts.at(-1);
    const now = performance.now();
    if (last?.type !== 'reasoning') this.#reasoningBeganAt = now;
    else this.#reasoningBeganAt ??= now - (last.durationMs ?? 0);
    const durationMs = Math.round(now - this.#reasoningBeganAt);
    this.#parts = appended(this.#parts, { type: 'reasoning', text, durationMs });
  }

  #restartGeneration({ siblingId, keepAsSibling }: RestartEvent): void {
    clearTimeout(this.#timer);
    this.#flush();
    this.#parts = this.#earlierParts;
    this.#reasoningBeganAt = undefined;
    const conversation = this.#conversation;
    if (conversation === undefined) return;
    this.#repository.put(keepAsSibling(conversation, this.#messageId), [siblingId, this.#messageId], 'now');
    // Tools that have run are not run again.
    if (this.#parts.length > 0) this.#change({}, 'now');
  }

  #flush(): void {
    this.#timer = undefined;
    if (!this.#isMeasuringFlush) void this.#measureFlush();
    this.#change({}, 'soon');
  }

  async #measureFlush(): Promise<void> {
    this.#isMeasuringFlush = true;
    this.#throttle.noteFlush(await measureFlushCost());
    this.#isMeasuringFlush = false;
  }

  #end(change: Partial<Message>): void {
    clearTimeout(this.#timer);
    this.#change(
      {
        ...change,
        ...(this.#usage !== undefined && { statistics: added(this.#before, this.#usage) }),
        ...(this.#finishReason !== undefined && { finishReason: this.#finishReason }),
      },
      'now',
    );
  }

  /** Undefined where the chat was deleted meanwhile, or the branch in another tab. */
  get #conversation(): Conversation | undefined {
    const conversation = this.#repository.get(this.#chatId);
    const message = conversation?.messages.get(this.#messageId);
    return message === undefined || message.purged ? undefined : conversation;
  }

  #change(change: Partial<Message>, when: 'now' | 'soon'): void {
    const conversation = this.#conversation;
    if (conversation === undefined) return;
    const written = { ...change, parts: this.#parts };
    this.#repository.put(updateMessage(conversation, this.#messageId, written), [this.#messageId], when);
  }
}

/** Statistics of a continued answer: the tokens of both parts, the speed of the second. */
function added(before: MessageStatistics | undefined, usage: Usage): MessageStatistics {
  return { ...usage, completionTokens: (before?.completionTokens ?? 0) + usage.completionTokens };
}

/** Figures of an answer that the model was asked for again after calls: its first prompt, and all that it wrote. */
function together(first: Usage, next: Usage): Usage {
  const { completionTokens, decodeTokensPerSecond = first.decodeTokensPerSecond } = next;
  return { ...first, completionTokens: first.completionTokens + completionTokens, decodeTokensPerSecond };
}

function asReasoning(part: MessagePart): MessagePart {
  return part.type === 'text' ? { type: 'reasoning', text: part.text.trimEnd() } : part;
}
