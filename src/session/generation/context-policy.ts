import type { Conversation, Message } from '../../chat/conversation.ts';
import { deleteBranch } from '../../chat/deletion.ts';
import { type MessagePart, textOf } from '../../chat/message-parts.ts';
import type { ProjectFile } from '../../chat/project.ts';
import { answerReserve, contextUse, fits, imageCount } from '../../chat/prompt/context-window.ts';
import { nextSummary } from '../../chat/prompt/next-summary.ts';
import { type PromptTurn, promptFor, promptText } from '../../chat/prompt/prompt.ts';
import { readTokens, wantedTokens } from '../../chat/prompt/read-passages.ts';
import type { ChatSettings } from '../../chat/settings/chat-settings.ts';
import { activePath, createConversation, pathTo, selectBranch, setFields } from '../../chat/tree.ts';
import type { GenerateRequest } from '../../engine/engine.ts';
import { profileOf } from '../../models/engines/engine-profiles.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { AlcoveError, abortError, fromWireError } from '../../platform/errors.ts';
import type { ChatRepository } from '../chats/chat-repository.ts';
import { type CompactionPolicy, promptTokens } from './prompt-room.ts';
import type { RequestBuilder } from './request-builder.ts';

export interface ContextPolicyHost {
  countTokens(model: ModelRecord, messages: readonly PromptTurn[]): Promise<number | undefined>;
  /** Generates a summary below a message. Resolves with its id when it has ended. */
  writeSummary(
    chatId: string,
    parentId: string | undefined,
    record: ModelRecord,
    throughId: string | undefined,
    request: GenerateRequest,
  ): Promise<string | undefined>;
}

/** An estimate above this multiple of the context window cannot be wrong enough for the prompt to fit. */
const HOPELESS = 1.5;

/** Makes room in a chat whose context window is full. */
export class ContextPolicy {
  readonly #requests: RequestBuilder;
  readonly #repository: ChatRepository;
  readonly #host: ContextPolicyHost;

  constructor(requests: RequestBuilder, repository: ChatRepository, host: ContextPolicyHost) {
    this.#requests = requests;
    this.#repository = repository;
    this.#host = host;
  }

  /**
   * Makes room for a prompt. Resolves with the chat that has room for it, which may be the same one.
   * @param leafId the message that it follows
   * @param asked the policy; default: none if the engine counts that the prompt fits, else the policy of the settings
   * @throws AlcoveError `context-full` for the policy `ask`, `context-exceeded` if no summary helps, or the error of a
   *   summary; AbortError after a stop
   */
  async makeRoom(
    chat: Conversation,
    leafId: string | undefined,
    parts: readonly MessagePart[],
    record: ModelRecord,
    asked: CompactionPolicy | undefined,
  ): Promise<Conversation> {
    if (asked === 'send') return chat;
    const settings = this.#requests.settingsOf(chat);
    const path = pathTo(chat, leafId);
    const { contextWindow } = record;
    const counted = await this.#count(path, parts, record, settings, this.#requests.filesOf(chat));
    if (asked === undefined && fits(counted.promptTokens, contextWindow, settings.sampling?.maxTokens)) return chat;
    const data = { ...counted, contextWindow };
    const canSummarize = nextSummary(path, settings.systemPrompt ?? '', contextWindow) !== undefined;
    if (!canSummarize) {
      // No earlier message can be summarized. Let the engine count unless the estimate is hopeless.
      if (counted.isEstimated && counted.promptTokens < contextWindow * HOPELESS) return chat;
      throw new AlcoveError('context-exceeded', 'the message alone is longer than the context window', { data });
    }
    const policy = asked ?? settings.contextPolicy ?? 'ask';
    if (policy === 'ask')
      throw new AlcoveError('context-full', `${counted.promptTokens} of ${contextWindow}`, { data });
    return policy === 'fork'
      ? this.#fork(chat, path, record, settings)
      : this.#summarize(chat, path, parts, record, settings);
  }

  async #count(
    path: readonly Message[],
    parts: readonly MessagePart[],
    record: ModelRecord,
    { systemPrompt }: ChatSettings,
    files: readonly ProjectFile[],
  ): Promise<{ promptTokens: number; isEstimated: boolean }> {
    const anImage = profileOf(record).imageTokens(record);
    const earlier = promptFor(path, systemPrompt, { images: anImage > 0 });
    const turns = [...earlier, { role: 'user' as const, content: promptText({ parts }) }];
    const { toolTokens } = this.#requests;
    const besideTurns = toolTokens + readTokens(path) + wantedTokens(path, { parts }, record.contextWindow, files);
    const imageTokens = (imageCount(earlier) + parts.filter(({ type }) => type === 'image').length) * anImage;
    const { factor } = contextUse(path, systemPrompt, toolTokens);
    const counted = await this.#host.countTokens(record, turns).catch(() => undefined);
    // Engines count the text of messages alone, here without what was read of documents.
    if (counted !== undefined) {
      const promptTokens = counted + Math.round(besideTurns * factor) + imageTokens;
      return { promptTokens, isEstimated: besideTurns + imageTokens > 0 };
    }
    return { promptTokens: promptTokens(this.#requests, path, parts, record, systemPrompt, files), isEstimated: true };
  }

  /** Summarizes the oldest messages, in several steps if the chat is longer than the context window. */
  async #summarize(
    chat: Conversation,
    path: readonly Message[],
    parts: readonly MessagePart[],
    record: ModelRecord,
    settings: ChatSettings,
  ): Promise<Conversation> {
    let current = chat;
    let shown = path;
    for (;;) {
      const step = nextSummary(shown, settings.systemPrompt ?? '', record.contextWindow);
      if (step === undefined) return current;
      const { prompt: messages, maxTokens, throughId } = step;
      current = await this.#summary(current, shown.at(-1)?.id, record, throughId, {
        messages,
        sampling: { maxTokens },
      });
      shown = activePath(current);
      const files = this.#requests.filesOf(current);
      const tokens = promptTokens(this.#requests, shown, parts, record, settings.systemPrompt, files);
      if (fits(tokens, record.contextWindow, settings.sampling?.maxTokens)) return current;
    }
  }

  /** Makes a new chat that starts with a summary of the old one, which stays unchanged. */
  async #fork(
    chat: Conversation,
    path: readonly Message[],
    record: ModelRecord,
    { systemPrompt = '' }: ChatSettings,
  ): Promise<Conversation> {
    const step = nextSummary(path, systemPrompt, record.contextWindow, false);
    if (step === undefined) throw new AlcoveError('context-exceeded', 'nothing can be summarized');
    const now = this.#repository.now();
    const { title, titleIsSet, tags, settings, modelId, projectId } = chat;
    const forkedFrom = { conversationId: chat.id, messageId: step.throughId, title };
    const empty = setFields(
      createConversation(crypto.randomUUID(), now, modelId),
      { title, titleIsSet, tags, settings, forkedFrom, ...(projectId !== undefined && { projectId }) },
      now,
    );
    this.#repository.show(empty);
    this.#repository.put(empty, []);
    const request = { messages: step.prompt, sampling: { maxTokens: answerReserve(record.contextWindow) } };
    return this.#summary(empty, undefined, record, undefined, request);
  }

  async #summary(
    chat: Conversation,
    parentId: string | undefined,
    record: ModelRecord,
    throughId: string | undefined,
    request: GenerateRequest,
  ): Promise<Conversation> {
    const id = await this.#host.writeSummary(chat.id, parentId, record, throughId, request);
    const written = this.#repository.get(chat.id) ?? (await this.#repository.read(chat.id));
    const summary = id === undefined ? undefined : written?.messages.get(id);
    if (written === undefined || summary === undefined) throw abortError();
    if (summary.status === 'complete' && textOf(summary) !== '')
      return selectBranch(written, summary.id, this.#repository.now());
    // Delete an incomplete summary: the model would forget what it lacks.
    this.#repository.put(deleteBranch(written, summary.id, this.#repository.now()), [summary.id]);
    void this.#repository.openPurge().then((purge) => purge.end(chat.id, summary.id));
    if (summary.error !== undefined) throw fromWireError(summary.error);
    if (summary.status === 'complete') throw new AlcoveError('generation-failed', 'the summary is empty');
    throw abortError();
  }
}
