import type { Conversation, Message } from '../../chat/conversation.ts';
import { deleteBranch, restoreBranch } from '../../chat/deletion.ts';
import { canContinue, editMessage, forkConversation } from '../../chat/edits.ts';
import { type PromptTurn, promptFor } from '../../chat/prompt/prompt.ts';
import { titleFor } from '../../chat/title.ts';
import { activePath, addMessage, createConversation, pathTo, selectBranch, setFields } from '../../chat/tree.ts';
import type { Capabilities, GenerateRequest, Sampling } from '../../engine/engine.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { AlcoveError } from '../../platform/errors.ts';
import type { ChatRepository } from '../chats/chat-repository.ts';
import type { RuntimeEvent } from '../runtime/runtime-event.ts';
import type { Lazy } from '../state/lazy.ts';
import type { SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';
import type { CompactionPolicy, ContextPolicy } from './context-policy.ts';
import { continuePrompt, joinContinuation } from './continue-prompt.ts';
import { GenerationQueue } from './generation-queue.ts';
import { runnableModel } from './runnable-model.ts';
import { TitleGenerator } from './title-generator.ts';

/** What runs the models, as far as an answer needs it. */
export interface ChatControllerEngine {
  generate(record: ModelRecord, request: GenerateRequest, signal: AbortSignal): AsyncIterable<RuntimeEvent>;
  /** Whether the model can go on with an answer of its own without being asked to. */
  canContinue(record: ModelRecord): Promise<boolean>;
  /** Of the loaded model; loads it where it is not. */
  capabilities(record: ModelRecord, signal: AbortSignal): Promise<Capabilities>;
  /** Called when an answer has ended. */
  markUsed(record: ModelRecord): void;
}

/**
 * What is said in the open chat: questions, answers, and the branches that they make. Nothing that was said is
 * overwritten; what is deleted can be brought back.
 *
 * What asks for an answer throws before it has changed anything: `prompt-empty`, `engine-busy`, `model-unknown`,
 * `model-missing`, why the model cannot run here, or `context-full` when there is no room and nobody has said what to do
 * then. Afterwards it resolves when the answer has ended; how, is in its message.
 */
export class ChatController {
  readonly #state: StateStore<SessionState>;
  readonly #library: ChatRepository;
  readonly #engine: ChatControllerEngine;
  readonly #rules: Lazy<ContextPolicy>;
  readonly #sampling: Sampling | undefined;
  readonly #answering: GenerationQueue;
  readonly #titles: TitleGenerator;

  /** @param sampling for every answer, before what is set */
  constructor(
    state: StateStore<SessionState>,
    library: ChatRepository,
    engine: ChatControllerEngine,
    rules: Lazy<ContextPolicy>,
    sampling: Sampling | undefined,
  ) {
    this.#state = state;
    this.#library = library;
    this.#engine = engine;
    this.#rules = rules;
    this.#sampling = sampling;
    this.#answering = new GenerationQueue(state, library);
    this.#titles = new TitleGenerator(state, library, engine, rules);
  }

  /**
   * Adds a question to the open chat, or begins one, and has it answered. In line, if another chat is answered.
   * @param policy what to do when there is no room; default: what is set
   */
  async send(text: string, policy?: CompactionPolicy): Promise<void> {
    const { chat: open, selectedModelId } = this.#state.state;
    if (text.trim() === '') throw new AlcoveError('prompt-empty', 'the message is empty');
    const record = this.#ready(open?.id, selectedModelId);
    if (open === undefined) return this.#say(this.#begin(record), undefined, text, record);
    const room = this.#room(open, open.activeLeafId, text, record, policy);
    const chat = room instanceof Promise ? await room : room;
    await this.#say(chat, chat.activeLeafId, text, record);
  }

  /** Asks a question again that had no room, once there is. @param messageId of the answer that failed */
  async retry(messageId: string, policy: CompactionPolicy): Promise<void> {
    const { chat: open, selectedModelId } = this.#state.state;
    const question = open?.messages.get(open.messages.get(messageId)?.parentId ?? '');
    if (open === undefined || question?.role !== 'user') return;
    const record = this.#ready(open.id, selectedModelId);
    const chat = await this.#room(open, question.parentId, question.text, record, policy);
    await this.#say(chat, isMade(chat, open) ? chat.activeLeafId : question.parentId, question.text, record);
  }

  /** Writes another answer beside the one named, or below a question. */
  async regenerate(messageId: string): Promise<void> {
    const { chat, selectedModelId } = this.#state.state;
    const message = chat?.messages.get(messageId);
    if (chat === undefined || message === undefined) return;
    const questionId = message.role === 'user' ? message.id : message.parentId;
    if (questionId === undefined) return;
    const record = this.#ready(chat.id, selectedModelId);
    await this.#answer(chat.id, questionId, record, []);
  }

  /**
   * Rewrites a message beside the old one. A question is then answered anew; an answer stands as it is.
   * @param policy what to do when there is no room for a question; default: what is set
   */
  async edit(messageId: string, text: string, policy?: CompactionPolicy): Promise<void> {
    const { chat, selectedModelId } = this.#state.state;
    const message = chat?.messages.get(messageId);
    if (chat === undefined || message === undefined || text === message.text) return;
    if (text.trim() === '') throw new AlcoveError('prompt-empty', 'the message is empty');
    const id = crypto.randomUUID();
    if (message.role === 'user') {
      const record = this.#ready(chat.id, selectedModelId);
      const made = this.#room(chat, message.parentId, text, record, policy);
      const room = made instanceof Promise ? await made : made;
      if (isMade(room, chat)) return this.#say(room, room.activeLeafId, text, record);
      const now = Date.now();
      await this.#ask(retitled(editMessage(chat, messageId, text, id, now), chat, record.id, now), id, record);
    } else {
      this.#answering.checkFree(chat.id);
      this.#library.put(editMessage(chat, messageId, text, id, Date.now()), [id]);
    }
  }

  /**
   * Goes on with an answer that was cut off, in its place. The model that wrote it does so if it is here, else the
   * selected one.
   */
  async continueAnswer(messageId: string): Promise<void> {
    const { chat, models, selectedModelId } = this.#state.state;
    const message = chat?.messages.get(messageId);
    if (chat === undefined || message === undefined || !canContinue(message)) return;
    const writer = models.find(({ record }) => record.id === message.modelId);
    const isHere = writer?.weights.status === 'stored' && writer.fit.verdict !== 'cannot-run';
    const record = this.#ready(chat.id, isHere ? message.modelId : selectedModelId);
    const path = pathTo(chat, messageId);
    const canGoOn = await this.#engine.canContinue(record);
    this.#answering.checkFree(chat.id);
    const continued = canGoOn ? 'seamlessly' : 'by-asking';
    await this.#answering.writeOn(chat.id, message, { continued }, (signal, note) => {
      const turns = (systemPrompt?: string) => {
        const said = promptFor(path, systemPrompt);
        return canGoOn ? said : continuePrompt(said);
      };
      const events = this.#generate(record, chat.id, turns, signal, note, canGoOn);
      return canGoOn ? events : joinContinuation(message.text, events);
    });
    this.#engine.markUsed(record);
  }

  /** Shows the branch that a message begins, down to its newest leaf. */
  show(messageId: string): void {
    const { chat } = this.#state.state;
    if (chat?.messages.has(messageId)) this.#library.put(selectBranch(chat, messageId, Date.now()), []);
  }

  /** Deletes a message with all that follows it. @throws AlcoveError `engine-busy` while an answer is written here */
  delete(messageId: string): void {
    const { chat } = this.#state.state;
    if (chat === undefined) return;
    this.#answering.checkFree(chat.id);
    this.#library.put(deleteBranch(chat, messageId, Date.now()), [messageId]);
  }

  /** Undoes `delete`, also when another chat is open by now. */
  async restore(chatId: string, messageId: string): Promise<void> {
    const chat = await this.#library.read(chatId);
    if (chat !== undefined) this.#library.put(restoreBranch(chat, messageId, Date.now()), [messageId]);
  }

  /** Opens a new chat with what was said up to a message. */
  fork(messageId: string): void {
    const { chat } = this.#state.state;
    if (chat === undefined || !chat.messages.has(messageId)) return;
    const fork = forkConversation(chat, messageId, crypto.randomUUID(), Date.now());
    this.#library.show(fork);
    this.#library.put(fork, fork.messages.keys());
  }

  /** Asks for the answer of a chat to end. What is written stays; `state.generation` says when it has ended. */
  stop(chatId: string | undefined = this.#state.state.chat?.id): void {
    this.#answering.stop(chatId);
  }

  stopAll(): void {
    void this.#titles.stop();
    this.#answering.stopAll();
  }

  /** Writes a summary in a chat, which stands for what came before it. Resolves with its id when it has ended. */
  writeSummary(
    chatId: string,
    parentId: string | undefined,
    record: ModelRecord,
    throughId: string | undefined,
    request: GenerateRequest,
  ): Promise<string | undefined> {
    const kind = { role: 'summary' as const, ...(throughId !== undefined && { throughId }) };
    const generate = (signal: AbortSignal) => this.#engine.generate(record, request, signal);
    return this.#answering.write(chatId, parentId, record, [], generate, kind);
  }

  #begin(record: ModelRecord): Conversation {
    const now = Date.now();
    const settings = this.#rules.value?.takeNext();
    const chat = createConversation(crypto.randomUUID(), now, record.id);
    return settings === undefined ? chat : setFields(chat, { settings }, now);
  }

  /** Where the message has room; at once in most cases, so that a message is on the screen as soon as it is sent. */
  #room(
    chat: Conversation,
    leafId: string | undefined,
    text: string,
    record: ModelRecord,
    policy?: CompactionPolicy,
  ): Conversation | Promise<Conversation> {
    const room = (rules: ContextPolicy) => rules.room(chat, leafId, text, record, policy);
    return this.#rules.value === undefined ? this.#rules.load().then(room) : room(this.#rules.value);
  }

  async #say(chat: Conversation, parentId: string | undefined, text: string, record: ModelRecord): Promise<void> {
    const now = Date.now();
    const id = crypto.randomUUID();
    const asked = addMessage(chat, { id, parentId, role: 'user', text, status: 'complete', createdAt: now });
    await this.#ask(retitled(asked, chat, record.id, now), id, record);
  }

  async #ask(asked: Conversation, questionId: string, record: ModelRecord): Promise<void> {
    this.#library.show(asked);
    await this.#answer(asked.id, questionId, record, [questionId]);
  }

  async #answer(chatId: string, questionId: string, record: ModelRecord, changed: string[]): Promise<void> {
    await this.#answering.write(chatId, questionId, record, changed, (signal, note) => {
      const chat = this.#library.get(chatId);
      const turns = (systemPrompt?: string) =>
        chat === undefined ? [] : promptFor(pathTo(chat, questionId), systemPrompt);
      return this.#generate(record, chatId, turns, signal, note);
    });
    this.#engine.markUsed(record);
    void this.#titles.afterAnswer(chatId, record);
  }

  /** By the settings that hold in the chat when its turn has come; what of them the engine cannot follow is noted. */
  async *#generate(
    record: ModelRecord,
    chatId: string,
    turns: (systemPrompt?: string) => PromptTurn[],
    signal: AbortSignal,
    note: (change: Partial<Message>) => void,
    continueLast = false,
  ): AsyncGenerator<RuntimeEvent> {
    await this.#titles.stop();
    const rules = await this.#rules.load();
    const can = await this.#engine.capabilities(record, signal);
    const settings = rules.settingsOf(this.#library.get(chatId));
    const applied = rules.apply(settings, can, this.#sampling);
    note({ ...applied.note, ...rules.provenance(record, this.#state.state) });
    const request = {
      messages: turns(settings.systemPrompt),
      ...applied.request,
      ...(continueLast && { continueLast }),
    };
    yield* this.#engine.generate(record, request, signal);
  }

  #ready(chatId: string | undefined, modelId: string | undefined): ModelRecord {
    if (chatId !== undefined) this.#answering.checkFree(chatId);
    void this.#titles.stop();
    return runnableModel(this.#state.state, modelId);
  }
}

/** Whether room was made, by a summary or in another chat. */
function isMade(room: Conversation, before: Conversation): boolean {
  return room.id !== before.id || room.activeLeafId !== before.activeLeafId;
}

/** The model that is asked, and a title by itself for as long as nobody has given another. */
function retitled(asked: Conversation, before: Conversation, modelId: string, now: number): Conversation {
  const isOwn = !before.titleIsSet && [titleFor(activePath(before)), ''].includes(before.title);
  const title = isOwn ? titleFor(activePath(asked)) : before.title;
  const change = { ...(title !== before.title && { title }), ...(modelId !== before.modelId && { modelId }) };
  return Object.keys(change).length === 0 ? asked : setFields(asked, change, now);
}
