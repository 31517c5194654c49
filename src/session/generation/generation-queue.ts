import type { Message } from '../../chat/conversation.ts';
import { reopened } from '../../chat/edits.ts';
import { addMessage, replaceMessage } from '../../chat/tree.ts';
import type { GenerateRequest, ReadingProgress } from '../../engine/engine.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { AlcoveError, abortError } from '../../platform/errors.ts';
import type { ChatRepository } from '../chats/chat-repository.ts';
import type { RuntimeEvent } from '../runtime/runtime-event.ts';
import { once } from '../state/deferred-methods.ts';
import type { AnswerPlace, GenerationState, SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';
import { MessageWriter } from './message-writer.ts';
import type { Prompt, RequestBuilder } from './request-builder.ts';
import type { ToolAnswer, ToolRunner } from './tools/tool-runner.ts';

/** One generation: which model writes a message of which chat. */
export interface GenerationTask {
  readonly chatId: string;
  readonly record: ModelRecord;
  readonly prompt: Prompt;
}

export interface GenerationEngine {
  /** Generates a completion. Loads the model first if needed. */
  generate(record: ModelRecord, request: GenerateRequest, signal: AbortSignal): AsyncIterable<RuntimeEvent>;
}

/** What a generated message has other than a plain answer does. */
type Kind = Partial<Pick<Message, 'id' | 'role' | 'throughId'>>;

/** How long a prompt is read before the user sees how much is read, in ms. */
const READING_SHOWN_MS = 1_000;

/** How often the tools that a model calls in one answer are run. It is then asked to answer without. */
const MOST_ROUNDS = 8;

interface QueuedTask extends AnswerPlace {
  readonly abort: AbortController;
  /** Resolved when the task is first in the queue, or stopped. */
  readonly turn: PromiseWithResolvers<void>;
}

/**
 * Runs generations one after another, in the order of their requests, with at most one for each chat. Publishes the first as
 * `state.generation` and the others as `state.waiting`.
 */
export class GenerationQueue {
  readonly #state: StateStore<SessionState>;
  readonly #repository: ChatRepository;
  readonly #engine: GenerationEngine;
  readonly #requests: RequestBuilder;
  readonly #freeEngine: () => Promise<void>;
  readonly #queue: QueuedTask[] = [];
  readonly #openRunner = once(async () => {
    const { ToolRunner } = await import('./tools/tool-runner.ts');
    this.#runner = new ToolRunner(this.#state, this.#repository);
    return this.#runner;
  });
  #runner: ToolRunner | undefined;

  /** @param freeEngine stops what nobody waits for */
  constructor(
    state: StateStore<SessionState>,
    repository: ChatRepository,
    engine: GenerationEngine,
    requests: RequestBuilder,
    freeEngine: () => Promise<void>,
  ) {
    this.#state = state;
    this.#repository = repository;
    this.#engine = engine;
    this.#requests = requests;
    this.#freeEngine = freeEngine;
  }

  /** @throws AlcoveError `engine-busy` if a generation in this chat runs or waits */
  checkFree(chatId: string | undefined): void {
    if (this.#queue.some((task) => task.chatId === chatId)) {
      throw new AlcoveError('engine-busy', 'a generation in this chat runs or waits');
    }
  }

  /**
   * Generates a new answer below a message. Resolves with its id when it has ended; its status says how.
   * @param changed ids of further messages to store
   */
  async write(
    task: GenerationTask,
    parentId: string | undefined,
    changed: readonly string[],
    kind: Kind = {},
  ): Promise<string | undefined> {
    const { chatId, record } = task;
    const chat = this.#repository.get(chatId);
    if (chat === undefined) return undefined;
    const answer: Message = {
      id: crypto.randomUUID(),
      parentId,
      role: 'assistant',
      parts: [],
      status: 'streaming',
      createdAt: this.#repository.now(),
      modelId: record.id,
      engine: record.engine,
      ...kind,
    };
    const release = this.#repository.hold(chat);
    this.#repository.put(addMessage(chat, answer), [...changed, answer.id]);
    await this.#run(task, answer).finally(release);
    return answer.id;
  }

  /** Continues an answer in its message. @param change fields to set on the message at the start */
  async continue(task: GenerationTask, message: Message, change: Partial<Message>): Promise<void> {
    const chat = this.#repository.get(task.chatId);
    if (chat === undefined) return;
    const open = { ...reopened(message), ...change };
    const release = this.#repository.hold(chat);
    this.#repository.put(replaceMessage(chat, open), [message.id]);
    await this.#run(task, open).finally(release);
  }

  /** Stops the generations of a chat, or one of them, and keeps their text. A waiting one ends at once. */
  stop(chatId: string | undefined, messageId?: string): void {
    for (const task of this.#queue) {
      if (task.chatId === chatId && (messageId ?? task.messageId) === task.messageId) this.#stop(task);
    }
  }

  stopAll(): void {
    for (const task of this.#queue) this.#stop(task);
  }

  #stop(task: QueuedTask): void {
    const { generation } = this.#state.state;
    if (generation.status !== 'idle' && generation.messageId === task.messageId) {
      const { chatId, messageId } = task;
      this.#setGeneration({ status: 'stopping', chatId, messageId });
    }
    task.abort.abort();
    task.turn.resolve();
  }

  /** Answers the question whether a call of a tool may run. */
  answerToolCall(callId: string, answer: ToolAnswer): void {
    this.#runner?.answer(callId, answer);
  }

  async #run(task: GenerationTask, message: Message): Promise<void> {
    const { chatId } = task;
    const queued = { chatId, messageId: message.id, abort: new AbortController(), turn: Promise.withResolvers<void>() };
    const { signal } = queued.abort;
    const unlock = this.#repository.writing.hold(message.id);
    this.#queue.push(queued);
    this.#callNext();
    try {
      await queued.turn.promise;
      const writer = new MessageWriter(this.#repository, chatId, message);
      try {
        if (signal.aborted) throw abortError();
        await this.#freeEngine();
        await this.#generate(task, queued, writer);
        writer.complete();
      } catch (error) {
        await writer.fail(error);
      }
      this.#repository.markUnread(chatId);
    } finally {
      unlock();
      this.#queue.splice(this.#queue.indexOf(queued), 1);
      this.#callNext();
    }
  }

  /** Asks the model, runs the tools that it calls, and asks it again with their results until it calls none. */
  async #generate(
    { chatId, record, prompt }: GenerationTask,
    queued: QueuedTask,
    writer: MessageWriter,
  ): Promise<void> {
    const { messageId, abort } = queued;
    const { signal } = abort;
    for (let round = 0; ; round += 1) {
      const again = { throughId: messageId, kind: 'tool-results', mayCallAgain: round < MOST_ROUNDS } as const;
      // Only now, because settings and chat may have changed while the task waited.
      const {
        request,
        note,
        tools = [],
      } = await this.#requests.build(chatId, record, round === 0 ? prompt : again, signal);
      if (note !== undefined) writer.note(note);
      let readingSince = performance.now();
      for await (const event of this.#engine.generate(record, request, signal)) {
        writer.add(event);
        const now = performance.now();
        if (event.type === 'load-progress') readingSince = now;
        const isShown = event.type === 'reading-progress' && now - readingSince >= READING_SHOWN_MS;
        this.#setReading(queued, isShown ? event : undefined);
        if (writer.isGone) abort.abort();
        if (writer.hasBegun) this.#setStreaming(queued);
      }
      const { calls } = writer;
      if (calls.length === 0 || tools.length === 0) return;
      const runner = await this.#openRunner();
      await runner.run(calls, { chatId, messageId, tools, contextWindow: record.contextWindow }, writer, signal);
      writer.beginRound();
    }
  }

  /** Publishes which task is first and which wait, and lets the first begin. */
  #callNext(): void {
    const [first, ...others] = this.#queue;
    const { generation } = this.#state.state;
    this.#state.set({ waiting: others.map(({ chatId, messageId }) => ({ chatId, messageId })) });
    if (first === undefined) {
      this.#setGeneration({ status: 'idle' });
    } else if (generation.status === 'idle' || generation.messageId !== first.messageId) {
      this.#setGeneration({ status: 'submitted', chatId: first.chatId, messageId: first.messageId });
      first.turn.resolve();
    }
  }

  #setStreaming({ chatId, messageId }: AnswerPlace): void {
    const { generation } = this.#state.state;
    if (generation.status === 'submitted' && generation.messageId === messageId) {
      this.#setGeneration({ status: 'streaming', chatId, messageId });
    }
  }

  #setReading({ messageId }: AnswerPlace, reading: ReadingProgress | undefined): void {
    const { generation } = this.#state.state;
    if (generation.status !== 'submitted' && generation.status !== 'streaming') return;
    if (generation.messageId !== messageId || (reading === undefined && generation.reading === undefined)) return;
    this.#setGeneration({ ...generation, reading });
  }

  #setGeneration(generation: GenerationState): void {
    this.#state.set({ generation });
  }
}
