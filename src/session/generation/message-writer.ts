import type { Message, MessageStatistics } from '../../chat/conversation.ts';
import { updateMessage } from '../../chat/tree.ts';
import type { FinishReason, Usage } from '../../engine/engine.ts';
import { isAbortError, toWireError } from '../../platform/errors.ts';
import type { ChatRepository } from '../chats/chat-repository.ts';
import type { RestartEvent, RuntimeEvent } from '../runtime/runtime-event.ts';
import { RenderThrottle } from './render-throttle.ts';
import { measureFlushCost } from './step-cost.ts';

/**
 * Writes what an engine yields into one message of a conversation: at most once a frame onto the screen, within
 * two seconds into the store. However the answer ends, its text so far stays.
 */
export class MessageWriter {
  readonly #library: ChatRepository;
  readonly #chatId: string;
  readonly #messageId: string;
  /** What an answer that is written on has taken so far. */
  readonly #before: MessageStatistics | undefined;
  readonly #pace = new RenderThrottle(performance.now());
  readonly #begunText: string;
  #text: string;
  #reasoning: string;
  #reasoningBeganAt: number | undefined;
  #reasoningMs: number;
  #usage: Usage | undefined;
  #finishReason: FinishReason | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isTimingStep = false;

  /** @param message what is written follows its text */
  constructor(library: ChatRepository, chatId: string, message: Message) {
    this.#library = library;
    this.#chatId = chatId;
    this.#messageId = message.id;
    this.#begunText = message.text;
    this.#text = message.text;
    this.#reasoning = message.reasoning ?? '';
    this.#reasoningMs = message.reasoningMs ?? 0;
    this.#before = message.statistics;
  }

  /**
   * Resolves when the answer has ended, in whatever way; the message then says how.
   * @param onFirstText called once, with the first delta
   */
  async write(events: AsyncIterable<RuntimeEvent>, onFirstText: () => void): Promise<void> {
    let isFirst = true;
    try {
      for await (const event of events) {
        if (event.type === 'begin-again') this.#restartGeneration(event);
        if (event.type === 'usage') this.#usage = event.usage;
        if (event.type === 'finish') this.#finishReason = event.reason;
        if (event.type !== 'text-delta' && event.type !== 'reasoning-delta') continue;
        if (event.type === 'text-delta') this.#text += event.text;
        else this.#addReasoning(event.text);
        this.#pace.note(event.text.length, performance.now());
        if (isFirst) onFirstText();
        isFirst = false;
        this.#timer ??= setTimeout(() => this.#flush(), this.#pace.intervalMs);
      }
      this.#end({ status: 'complete' });
    } catch (error) {
      // In a task of its own: the click that stopped it is answered on the screen first.
      if (isAbortError(error)) await new Promise((resolve) => setTimeout(resolve));
      this.#end(
        isAbortError(error)
          ? { status: 'stopped' }
          : { status: 'failed', error: toWireError(error, 'generation-failed') },
      );
    }
  }

  #addReasoning(text: string): void {
    this.#reasoning += text;
    this.#reasoningBeganAt ??= performance.now() - this.#reasoningMs;
    this.#reasoningMs = performance.now() - this.#reasoningBeganAt;
  }

  #restartGeneration({ asideId, keepAsSibling }: RestartEvent): void {
    clearTimeout(this.#timer);
    this.#flush();
    this.#text = this.#begunText;
    this.#reasoning = '';
    this.#reasoningMs = 0;
    this.#reasoningBeganAt = undefined;
    const conversation = this.#library.get(this.#chatId);
    if (conversation === undefined || !conversation.messages.has(this.#messageId)) return; // deleted meanwhile
    this.#library.put(keepAsSibling(conversation, this.#messageId), [asideId, this.#messageId], 'now');
  }

  #flush(): void {
    this.#timer = undefined;
    if (!this.#isTimingStep) void this.#timeStep();
    this.#change({}, 'soon');
  }

  async #timeStep(): Promise<void> {
    this.#isTimingStep = true;
    this.#pace.noteStep(await measureFlushCost());
    this.#isTimingStep = false;
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

  #change(change: Partial<Message>, when: 'now' | 'soon'): void {
    const conversation = this.#library.get(this.#chatId);
    if (conversation === undefined || !conversation.messages.has(this.#messageId)) return; // deleted meanwhile
    const written = {
      ...change,
      text: this.#text,
      ...(this.#reasoning !== '' && { reasoning: this.#reasoning, reasoningMs: Math.round(this.#reasoningMs) }),
    };
    this.#library.put(updateMessage(conversation, this.#messageId, written), [this.#messageId], when);
  }
}

/** Of an answer in two parts: all of its tokens, and the speed of the second part. */
function added(before: MessageStatistics | undefined, usage: Usage): MessageStatistics {
  return { ...usage, completionTokens: (before?.completionTokens ?? 0) + usage.completionTokens };
}
