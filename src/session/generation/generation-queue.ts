import type { Message } from '../../chat/conversation.ts';
import { reopened } from '../../chat/edits.ts';
import { addMessage, replaceMessage, updateMessage } from '../../chat/tree.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { AlcoveError, abortError } from '../../platform/errors.ts';
import type { ChatRepository } from '../chats/chat-repository.ts';
import type { RuntimeEvent } from '../runtime/runtime-event.ts';
import type { AnswerPlace, GenerationState, SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';
import { MessageWriter } from './message-writer.ts';

/**
 * Makes the events of an answer when its turn has come.
 * @param note puts down on the message what it is made with
 */
export type Generate = (signal: AbortSignal, note: (change: Partial<Message>) => void) => AsyncIterable<RuntimeEvent>;

/** What a message is, other than an answer. */
type Kind = Partial<Pick<Message, 'role' | 'throughId'>>;

interface Answer extends AnswerPlace {
  readonly abort: AbortController;
  /** Resolved when no other answer is before it, or when it is not wanted any more. */
  readonly turn: PromiseWithResolvers<void>;
}

/**
 * Writes answers, one after another in the order in which they were asked for: one in each chat at a time, and those of
 * other chats wait. The first in line is `state.generation`, the others are `state.waiting`.
 */
export class GenerationQueue {
  readonly #state: StateStore<SessionState>;
  readonly #library: ChatRepository;
  readonly #line: Answer[] = [];

  constructor(state: StateStore<SessionState>, library: ChatRepository) {
    this.#state = state;
    this.#library = library;
  }

  /** @throws AlcoveError `engine-busy` while an answer in this chat is being written, or waits */
  checkFree(chatId: string | undefined): void {
    if (this.#line.some((answer) => answer.chatId === chatId)) {
      throw new AlcoveError('engine-busy', 'an answer is being written');
    }
  }

  /**
   * Writes a new answer below a message. Resolves when it has ended, with its id; how, is in its message.
   * @param changed further messages that the store has not seen yet
   */
  async write(
    chatId: string,
    parentId: string | undefined,
    record: ModelRecord,
    changed: readonly string[],
    generate: Generate,
    kind: Kind = {},
  ): Promise<string | undefined> {
    const chat = this.#library.get(chatId);
    if (chat === undefined) return undefined;
    const answer: Message = {
      id: crypto.randomUUID(),
      parentId,
      role: 'assistant',
      text: '',
      status: 'streaming',
      createdAt: Date.now(),
      modelId: record.id,
      engine: record.engine,
      ...kind,
    };
    const release = this.#library.hold(chat);
    this.#library.put(addMessage(chat, answer), [...changed, answer.id]);
    await this.#run(chatId, answer, generate).finally(release);
    return answer.id;
  }

  /** Writes an answer on that was cut off. @param change noted on the message from the start */
  async writeOn(chatId: string, message: Message, change: Partial<Message>, generate: Generate): Promise<void> {
    const chat = this.#library.get(chatId);
    if (chat === undefined) return;
    const open = { ...reopened(message), ...change };
    const release = this.#library.hold(chat);
    this.#library.put(replaceMessage(chat, open), [message.id]);
    await this.#run(chatId, open, generate).finally(release);
  }

  /** Asks for the answer of a chat to end. What is written stays; one that waits ends at once. */
  stop(chatId: string | undefined): void {
    const answer = this.#line.find((one) => one.chatId === chatId);
    if (answer === undefined) return;
    const { generation } = this.#state.state;
    if (generation.status !== 'idle' && generation.messageId === answer.messageId) {
      this.#setGeneration({ ...generation, status: 'stopping' });
    }
    answer.abort.abort();
    answer.turn.resolve();
  }

  stopAll(): void {
    for (const { chatId } of [...this.#line]) this.stop(chatId);
  }

  async #run(chatId: string, message: Message, generate: Generate): Promise<void> {
    const messageId = message.id;
    const answer: Answer = { chatId, messageId, abort: new AbortController(), turn: Promise.withResolvers() };
    const unlock = this.#library.writing.hold(messageId);
    this.#line.push(answer);
    this.#callNext();
    try {
      await answer.turn.promise;
      const writer = new MessageWriter(this.#library, chatId, message);
      const note = (change: Partial<Message>): void => this.#note(answer, change);
      await writer.write(unlessAborted(generate, answer.abort.signal, note), () => {
        const { generation } = this.#state.state;
        if (generation.status === 'submitted' && generation.messageId === messageId) {
          this.#setGeneration({ status: 'streaming', chatId, messageId });
        }
      });
      this.#library.markUnread(chatId);
    } finally {
      unlock();
      this.#line.splice(this.#line.indexOf(answer), 1);
      this.#callNext();
    }
  }

  /** Tells the state who is first and who waits, and lets the first begin. */
  #callNext(): void {
    const [first, ...others] = this.#line;
    const { generation } = this.#state.state;
    this.#state.set({ waiting: others.map(({ chatId, messageId }) => ({ chatId, messageId })) });
    if (first === undefined) {
      this.#setGeneration({ status: 'idle' });
    } else if (generation.status === 'idle' || generation.messageId !== first.messageId) {
      this.#setGeneration({ status: 'submitted', chatId: first.chatId, messageId: first.messageId });
      first.turn.resolve();
    }
  }

  #note({ chatId, messageId }: AnswerPlace, change: Partial<Message>): void {
    const chat = this.#library.get(chatId);
    if (chat?.messages.has(messageId)) this.#library.put(updateMessage(chat, messageId, change), [messageId], 'soon');
  }

  #setGeneration(generation: GenerationState): void {
    this.#state.set({ generation });
  }
}

async function* unlessAborted(
  generate: Generate,
  signal: AbortSignal,
  note: (change: Partial<Message>) => void,
): AsyncGenerator<RuntimeEvent> {
  if (signal.aborted) throw abortError();
  yield* generate(signal, note);
}
