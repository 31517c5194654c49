import type { Conversation } from '../../chat/conversation.ts';
import { deleteBranch, restoreBranch } from '../../chat/deletion.ts';
import { canContinue, editMessage, forkConversation } from '../../chat/edits.ts';
import { hashesOf, type MessagePart, textOf, textParts, withText } from '../../chat/message-parts.ts';
import type { PromptTurn } from '../../chat/prompt/prompt.ts';
import { titleFor } from '../../chat/title.ts';
import { activePath, addMessage, createConversation, selectBranch, setFields } from '../../chat/tree.ts';
import type { Capabilities, GenerateRequest, Sampling } from '../../engine/engine.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { AlcoveError } from '../../platform/errors.ts';
import type { ChatRepository } from '../chats/chat-repository.ts';
import { runnableModel } from '../models/runnable-model.ts';
import { once } from '../state/deferred-methods.ts';
import { findModel } from '../state/find-model.ts';
import type { AnswerPlace, SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';
import type { ContextPolicy } from './context-policy.ts';
import { type GenerationEngine, GenerationQueue } from './generation-queue.ts';
import type { Preferences } from './preferences.ts';
import { type CompactionPolicy, hasRoom } from './prompt-room.ts';
import type { ReadAhead } from './read-ahead.ts';
import { RequestBuilder } from './request-builder.ts';
import type { TitleGenerator } from './title-generator.ts';
import type { ToolBox } from './tools/tool-box.ts';
import type { ToolAnswer } from './tools/tool-runner.ts';

export interface ChatControllerEngine extends GenerationEngine {
  /** What the model can do by its record, without loading it. */
  storedCapabilities(record: ModelRecord): Promise<Capabilities>;
  /** What the loaded model can do. Loads it first if needed. */
  capabilities(record: ModelRecord, signal: AbortSignal): Promise<Capabilities>;
  /** Tokens of a prompt. Undefined if the engine cannot count them or the model is not loaded. */
  countTokens(record: ModelRecord, messages: readonly PromptTurn[]): Promise<number | undefined>;
  markUsed(modelId: string): void;
}

/**
 * Changes the messages of the open chat: sends prompts, generates answers, edits, branches and deletes. It overwrites no
 * message, and a deletion can be undone.
 *
 * A method that generates an answer throws before it changes anything: `prompt-empty`, `engine-busy`, `model-unknown`,
 * `model-missing`, why the model cannot run here, or `context-full` if the prompt does not fit and no policy says what to do.
 * Otherwise it resolves when the generation has ended; the status of the message says how.
 */
export class ChatController {
  readonly #state: StateStore<SessionState>;
  readonly #repository: ChatRepository;
  readonly #engine: ChatControllerEngine;
  readonly #preferences: Preferences;
  readonly #requests: RequestBuilder;
  readonly #openPolicy: () => Promise<ContextPolicy>;
  readonly #queue: GenerationQueue;
  readonly #openTitles: () => Promise<TitleGenerator>;
  #titles: TitleGenerator | undefined;
  readonly #openReadAhead: () => Promise<ReadAhead>;
  #ahead: ReadAhead | undefined;

  /** @param sampling of every answer; settings override it */
  constructor(
    state: StateStore<SessionState>,
    repository: ChatRepository,
    engine: ChatControllerEngine,
    preferences: Preferences,
    tools: ToolBox,
    sampling: Sampling | undefined,
  ) {
    this.#state = state;
    this.#repository = repository;
    this.#engine = engine;
    this.#preferences = preferences;
    const requests = new RequestBuilder(state, repository, engine, preferences, tools, sampling);
    this.#requests = requests;
    this.#openTitles = once(async () => {
      const { TitleGenerator } = await import('./title-generator.ts');
      this.#titles = new TitleGenerator(state, repository, engine, requests);
      return this.#titles;
    });
    this.#openReadAhead = once(async () => {
      const { ReadAhead } = await import('./read-ahead.ts');
      this.#ahead = new ReadAhead(state, repository, engine, requests);
      return this.#ahead;
    });
    this.#queue = new GenerationQueue(state, repository, engine, requests, () => this.#freeEngine());
    this.#openPolicy = once(async () => {
      const { ContextPolicy } = await import('./context-policy.ts');
      return new ContextPolicy(requests, repository, {
        countTokens: (model, messages) => engine.countTokens(model, messages),
        writeSummary: (...parameters) => this.#writeSummary(...parameters),
      });
    });
    // Also a chat that another tab has deleted.
    repository.onDeleted((id) => this.#queue.stop(id));
  }

  /**
   * Adds a prompt to the open chat, or to a new one, and generates an answer after those that other chats wait for; or the
   * answers of several models, see `compareNext`.
   * @param policy what to do if the prompt does not fit; default: the policy of the settings
   * @param attached parts of the message before its text
   * @returns where the answer is, or the first of several
   */
  async send(
    text: string,
    policy?: CompactionPolicy,
    attached: readonly MessagePart[] = [],
  ): Promise<AnswerPlace | undefined> {
    // Do not wait if they have been read: a `stop` right after this call must find the generation.
    if (this.#state.state.preferences === undefined) await this.#preferences.read();
    const { chat: open, selectedModelId, compared } = this.#state.state;
    if (text.trim() === '' && hashesOf({ parts: attached }).length === 0)
      throw new AlcoveError('prompt-empty', 'the message is empty');
    const record = this.#ready(open?.id, compared?.[0] ?? selectedModelId);
    const others = compared?.slice(1).map((id) => runnableModel(this.#state.state, id)) ?? [];
    const parts = [...attached, ...textParts(text)];
    if (open === undefined) return this.#say(this.#begin(record), undefined, parts, record, others);
    // The prompt must fit the smallest context window.
    const [least = record] = [record, ...others].sort((one, other) => one.contextWindow - other.contextWindow);
    const at = [open, open.activeLeafId, parts, least, policy] as const;
    // Do not wait if the prompt fits: nothing else may be sent in between.
    const chat = hasRoom(this.#requests, ...at) ? open : await this.#makeRoom(...at);
    return this.#say(chat, chat.activeLeafId, parts, record, others);
  }

  /**
   * Has several models answer the next message, one after another, so that the user can compare the answers. The chat then goes
   * on with the one that `keep` is called for.
   * @param modelIds undefined for the selected model alone
   */
  compareNext(modelIds: readonly string[] | undefined): void {
    this.#state.set({ compared: modelIds });
  }

  /** Continues from one of the compared answers. Those that are still being generated are stopped, except this one. */
  keep(messageId: string): void {
    const { chat } = this.#state.state;
    if (chat === undefined || !chat.messages.has(messageId)) return;
    for (const id of chat.comparison ?? []) if (id !== messageId) this.#queue.stop(chat.id, id);
    const now = this.#repository.now();
    this.#repository.put(setFields(selectBranch(chat, messageId, now), { comparison: undefined }, now), []);
  }

  /** Lets the loaded model read the open chat and a text that the user is typing there, if nothing else wants the engine. */
  async readAhead(chatId: string, text: string): Promise<void> {
    const ahead = await this.#openReadAhead();
    const { chat, selectedModelId, preferences } = this.#state.state;
    const record = findModel(this.#state.state, selectedModelId)?.record;
    if (chat?.id !== chatId || record === undefined || preferences === undefined || text.trim() === '') return;
    if (this.#titles?.isNaming || !hasRoom(this.#requests, chat, chat.activeLeafId, textParts(text), record, undefined))
      return;
    await ahead.begin(chat, text, record);
  }

  /** Makes room and sends a prompt again that did not fit. @param messageId of the failed answer */
  async compact(messageId: string, policy: CompactionPolicy): Promise<void> {
    if (this.#state.state.preferences === undefined) await this.#preferences.read();
    const { chat: open, selectedModelId } = this.#state.state;
    const question = open?.messages.get(open.messages.get(messageId)?.parentId ?? '');
    if (open === undefined || question?.role !== 'user') return;
    const record = this.#ready(open.id, selectedModelId);
    const chat = await this.#makeRoom(open, question.parentId, question.parts, record, policy);
    await this.#say(chat, isMade(chat, open) ? chat.activeLeafId : question.parentId, question.parts, record);
  }

  /** Generates another answer as a sibling of this one, or an answer to this prompt. @returns where the answer is */
  async regenerate(messageId: string): Promise<AnswerPlace | undefined> {
    const { chat, selectedModelId } = this.#state.state;
    const message = chat?.messages.get(messageId);
    if (chat === undefined || message === undefined) return undefined;
    const questionId = message.role === 'user' ? message.id : message.parentId;
    if (questionId === undefined) return undefined;
    const record = this.#ready(chat.id, selectedModelId);
    return this.#answer(chat.id, questionId, record, []);
  }

  /**
   * Adds an edited message as a sibling of the old one. Generates an answer if it is the user's.
   * @param policy what to do if the prompt does not fit; default: the policy of the settings
   */
  async edit(messageId: string, text: string, policy?: CompactionPolicy): Promise<void> {
    if (this.#state.state.preferences === undefined) await this.#preferences.read();
    const { chat, selectedModelId } = this.#state.state;
    const message = chat?.messages.get(messageId);
    if (chat === undefined || message === undefined || text === textOf(message)) return;
    if (text.trim() === '' && (message.role !== 'user' || hashesOf(message).length === 0))
      throw new AlcoveError('prompt-empty', 'the message is empty');
    const id = crypto.randomUUID();
    if (message.role === 'user') {
      const record = this.#ready(chat.id, selectedModelId);
      const parts = withText(message.parts, text);
      const at = [chat, message.parentId, parts, record, policy] as const;
      const room = hasRoom(this.#requests, ...at) ? chat : await this.#makeRoom(...at);
      if (isMade(room, chat)) {
        await this.#say(room, room.activeLeafId, parts, record);
        return;
      }
      const now = this.#repository.now();
      await this.#ask(retitled(editMessage(chat, messageId, text, id, now), chat, record.id, now), id, record);
    } else {
      this.#queue.checkFree(chat.id);
      this.#repository.put(editMessage(chat, messageId, text, id, this.#repository.now()), [id]);
    }
  }

  /** Continues an answer in its message, with the model that wrote it if that can run, else the selected one. */
  async continue(messageId: string): Promise<void> {
    const { chat, selectedModelId } = this.#state.state;
    const message = chat?.messages.get(messageId);
    if (chat === undefined || message === undefined || !canContinue(message)) return;
    const writer = findModel(this.#state.state, message.modelId);
    const isHere = writer?.weights.status === 'stored' && writer.fit.status !== 'cannot-run';
    const record = this.#ready(chat.id, isHere ? message.modelId : selectedModelId);
    const { continueLast } = await this.#engine.storedCapabilities(record);
    this.#queue.checkFree(chat.id);
    const prompt = { throughId: messageId, kind: continueLast ? 'continuation' : 'asked-continuation' } as const;
    const continued = continueLast ? 'seamlessly' : 'by-asking';
    await this.#queue.continue({ chatId: chat.id, record, prompt }, message, { continued });
    this.#engine.markUsed(record.id);
  }

  selectBranch(messageId: string): void {
    const { chat } = this.#state.state;
    if (chat?.messages.has(messageId)) this.#repository.put(selectBranch(chat, messageId, this.#repository.now()), []);
  }

  /** Deletes a message and all that follow it, which can be undone until `endUndo`. @throws AlcoveError `engine-busy` during a generation in this chat */
  async deleteMessage(messageId: string): Promise<void> {
    const purge = await this.#repository.openPurge();
    const { chat } = this.#state.state;
    if (chat === undefined) return;
    this.#queue.checkFree(chat.id);
    purge.keep(messageId);
    this.#repository.put(deleteBranch(chat, messageId, this.#repository.now()), [messageId]);
  }

  /** Undoes `deleteMessage`, also while another chat is open. */
  async restoreMessage(chatId: string, messageId: string): Promise<void> {
    const chat = await this.#repository.read(chatId);
    if (chat !== undefined) this.#repository.put(restoreBranch(chat, messageId, this.#repository.now()), [messageId]);
    await this.endUndo(chatId, messageId);
  }

  /** Removes the content of a deleted message, and of those that followed it, from the store. */
  async endUndo(chatId: string, messageId: string): Promise<void> {
    await (await this.#repository.openPurge()).end(chatId, messageId);
  }

  fork(messageId: string): void {
    const { chat } = this.#state.state;
    if (chat === undefined || !chat.messages.has(messageId)) return;
    const fork = forkConversation(chat, messageId, crypto.randomUUID(), this.#repository.now());
    this.#repository.show(fork);
    this.#repository.put(fork, fork.messages.keys());
  }

  /**
   * Stops the generations in a chat, or that of one answer, and keeps their text. `state.generation` says when they have ended.
   */
  stop(chatId: string | undefined = this.#state.state.chat?.id, messageId?: string): void {
    this.#queue.stop(chatId, messageId);
  }

  /** Answers `state.toolQuestion`. Does nothing if it is about another call, or answered. */
  answerToolCall(callId: string, answer: ToolAnswer): void {
    this.#queue.answerToolCall(callId, answer);
  }

  /** Has the user asked again before calls of a tool that they always allow in the open chat. */
  askAgain(toolName: string): void {
    const { chat } = this.#state.state;
    if (chat === undefined) return;
    const allowedTools = chat.allowedTools?.filter(({ name }) => name !== toolName);
    this.#repository.put(setFields(chat, { allowedTools }, this.#repository.now()), []);
  }

  stopAll(): void {
    void this.#freeEngine();
    this.#queue.stopAll();
  }

  /** Generates a summary that replaces earlier messages in prompts. Resolves with its id when it has ended. */
  #writeSummary(
    chatId: string,
    parentId: string | undefined,
    record: ModelRecord,
    throughId: string | undefined,
    request: GenerateRequest,
  ): Promise<string | undefined> {
    const kind = { role: 'summary' as const, ...(throughId !== undefined && { throughId }) };
    return this.#queue.write({ chatId, record, prompt: { request } }, parentId, [], kind);
  }

  async #makeRoom(...parameters: Parameters<ContextPolicy['makeRoom']>): Promise<Conversation> {
    return (await this.#openPolicy()).makeRoom(...parameters);
  }

  #begin(record: ModelRecord): Conversation {
    const now = this.#repository.now();
    const settings = this.#preferences.takeForNext();
    const projectId = this.#state.state.newChatProjectId;
    const change = { ...(settings !== undefined && { settings }), ...(projectId !== undefined && { projectId }) };
    return setFields(createConversation(crypto.randomUUID(), now, record.id), change, now);
  }

  async #say(
    chat: Conversation,
    parentId: string | undefined,
    parts: readonly MessagePart[],
    record: ModelRecord,
    others: readonly ModelRecord[] = [],
  ): Promise<AnswerPlace | undefined> {
    const now = this.#repository.now();
    const id = crypto.randomUUID();
    const asked = addMessage(chat, { id, parentId, role: 'user', parts, status: 'complete', createdAt: now });
    return this.#ask(retitled(asked, chat, record.id, now), id, record, others);
  }

  async #ask(
    asked: Conversation,
    questionId: string,
    record: ModelRecord,
    others: readonly ModelRecord[] = [],
  ): Promise<AnswerPlace | undefined> {
    this.#repository.show(asked);
    if (others.length > 0) return this.#compare(asked.id, questionId, [record, ...others]);
    return this.#answer(asked.id, questionId, record, [questionId]);
  }

  /** All answers are in the chat before the first is generated. */
  async #compare(
    chatId: string,
    questionId: string,
    records: readonly ModelRecord[],
  ): Promise<AnswerPlace | undefined> {
    const prompt = { throughId: questionId, kind: 'answer' } as const;
    const ids = records.map(() => crypto.randomUUID());
    const answers = records.map((record, index) =>
      this.#queue.write({ chatId, record, prompt }, questionId, [questionId], { id: ids[index] ?? '' }),
    );
    const chat = this.#repository.get(chatId);
    // The chat continues from the first if the user keeps none.
    const change = { comparison: ids, activeLeafId: ids[0] };
    if (chat !== undefined) this.#repository.put(setFields(chat, change, this.#repository.now()), []);
    this.#state.set({ compared: undefined });
    const [messageId] = await Promise.all(answers);
    for (const { id } of records) this.#engine.markUsed(id);
    return messageId === undefined ? undefined : { chatId, messageId };
  }

  async #answer(
    chatId: string,
    questionId: string,
    record: ModelRecord,
    changed: string[],
  ): Promise<AnswerPlace | undefined> {
    const prompt = { throughId: questionId, kind: 'answer' } as const;
    const messageId = await this.#queue.write({ chatId, record, prompt }, questionId, changed);
    this.#engine.markUsed(record.id);
    if (this.#state.state.preferences?.forAll.titles === 'model') void this.#name(chatId, record);
    return messageId === undefined ? undefined : { chatId, messageId };
  }

  /** Never throws: a chat that cannot be named keeps the beginning of its first question. */
  async #name(chatId: string, record: ModelRecord): Promise<void> {
    const titles = await this.#openTitles().catch(() => undefined);
    await titles?.afterAnswer(chatId, record);
  }

  async #freeEngine(): Promise<void> {
    await Promise.all([this.#titles?.stop(), this.#ahead?.stop()]);
  }

  #ready(chatId: string | undefined, modelId: string | undefined): ModelRecord {
    if (chatId !== undefined) this.#queue.checkFree(chatId);
    void this.#freeEngine();
    return runnableModel(this.#state.state, modelId);
  }
}

/** Whether the policy has added a summary or made a new chat. */
function isMade(room: Conversation, before: Conversation): boolean {
  return room.id !== before.id || room.activeLeafId !== before.activeLeafId;
}

/** Sets the model and, as long as the user has not named the chat, the title. */
function retitled(asked: Conversation, before: Conversation, modelId: string, now: number): Conversation {
  const isAutomatic = !before.titleIsSet && [titleFor(activePath(before)), ''].includes(before.title);
  const title = isAutomatic ? titleFor(activePath(asked)) : before.title;
  const change = { ...(title !== before.title && { title }), ...(modelId !== before.modelId && { modelId }) };
  return Object.keys(change).length === 0 ? asked : setFields(asked, change, now);
}
