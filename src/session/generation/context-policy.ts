import type { Conversation, Message } from '../../chat/conversation.ts';
import { deleteBranch } from '../../chat/deletion.ts';
import { textOf } from '../../chat/message-parts.ts';
import { answerReserve, contextUse, fits, nextSummary, tokensOf } from '../../chat/prompt/context-window.ts';
import { type PromptTurn, promptFor } from '../../chat/prompt/prompt.ts';
import type { ChatSettings } from '../../chat/settings/chat-settings.ts';
import { applySettings, effectiveSettings } from '../../chat/settings/effective-settings.ts';
import { activePath, createConversation, pathTo, selectBranch, setFields } from '../../chat/tree.ts';
import type { Capabilities, GenerateRequest, Sampling } from '../../engine/engine.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { AlcoveError, abortError, fromWireError } from '../../platform/errors.ts';
import type { ChatRepository } from '../chats/chat-repository.ts';
import type { SessionState } from '../state/session-state.ts';
import { deviceLabel } from './device-label.ts';
import type { Preferences } from './preferences.ts';

/** What is done when a message does not fit: a set policy, or to send it all the same. */
export type CompactionPolicy = NonNullable<ChatSettings['contextPolicy']> | 'send';

/** Above this an estimate is too far off to be only an estimate. */
const HOPELESS = 1.5;

/** What the policy needs of the engine and of the chat controller. */
export interface ContextPolicyHost {
  countTokens(model: ModelRecord, messages: readonly PromptTurn[]): Promise<number | undefined>;
  /** Writes a summary below a message of a chat, and resolves with its id when it has ended. */
  writeSummary(
    chatId: string,
    parentId: string | undefined,
    record: ModelRecord,
    throughId: string | undefined,
    request: GenerateRequest,
  ): Promise<string | undefined>;
}

/** Which settings apply in a chat, and what happens when its context window is full. */
export class ContextPolicy {
  readonly #preferences: Preferences;
  readonly #library: ChatRepository;
  readonly #partners: ContextPolicyHost;

  constructor(preferences: Preferences, library: ChatRepository, partners: ContextPolicyHost) {
    this.#preferences = preferences;
    this.#library = library;
    this.#partners = partners;
  }

  /** The settings that apply in a chat, once the preferences have been read. */
  settingsOf(chat: Conversation | undefined): ChatSettings {
    return effectiveSettings(this.#preferences.current.forAll, chat?.settings);
  }

  /** What of the settings goes into a request, and what is noted on the answer. */
  apply(
    settings: ChatSettings,
    can: Capabilities,
    forEvery: Sampling | undefined,
  ): { readonly request: Omit<GenerateRequest, 'messages'>; readonly note: Partial<Message> } {
    const { sampling, thinking, leftOut } = applySettings(settings, can);
    const all = { ...forEvery, ...sampling };
    return {
      request: {
        ...(Object.keys(all).length > 0 && { sampling: all }),
        ...(thinking !== undefined && { thinking }),
      },
      note: {
        ...(Object.keys(settings).length > 0 && { settings }),
        ...(leftOut.length > 0 && { leftOut }),
      },
    };
  }

  /** What makes an answer, to be noted on it: where a way failed, it is another engine than the record's. */
  provenance(record: ModelRecord, { runtime: { running }, device: report }: SessionState): Partial<Message> {
    const isRunning = running?.modelId === record.id;
    const engine = isRunning ? running.engine : record.engine;
    const device = deviceLabel(engine, isRunning ? running.backend : undefined, report);
    return { engine, ...(device !== undefined && { device }) };
  }

  /**
   * Whether a message can be sent without making room: it fits by an estimate, or is to be sent all the same.
   * @param leafId the message that it follows
   * @param asked what to do instead of what is set
   */
  hasRoom(
    chat: Conversation,
    leafId: string | undefined,
    text: string,
    { contextWindow }: ModelRecord,
    asked: CompactionPolicy | undefined,
  ): boolean {
    if (asked !== undefined) return asked === 'send';
    const { systemPrompt, sampling } = this.settingsOf(chat);
    const use = contextUse(pathTo(chat, leafId), systemPrompt);
    return fits(use.usedTokens + tokensOf(text, use), contextWindow, sampling?.maxTokens);
  }

  /**
   * Makes room for a message. Resolves with the chat that has room for it, which may be the same one.
   * @param leafId the message that it follows
   * @param asked what to do; default: nothing where the engine's count says that the message fits, else what is set
   * @throws AlcoveError `context-full` for the policy `ask`, `context-exceeded` where no summary helps; what a summary
   *   fails with; AbortError when it was stopped
   */
  async makeRoom(
    chat: Conversation,
    leafId: string | undefined,
    text: string,
    record: ModelRecord,
    asked: CompactionPolicy | undefined,
  ): Promise<Conversation> {
    if (asked === 'send') return chat;
    const settings = this.settingsOf(chat);
    const path = pathTo(chat, leafId);
    const { contextWindow } = record;
    const counted = await this.#count(path, text, record, settings);
    if (asked === undefined && fits(counted.promptTokens, contextWindow, settings.sampling?.maxTokens)) return chat;
    const data = { ...counted, contextWindow };
    const canSumUp = nextSummary(path, settings.systemPrompt ?? '', contextWindow) !== undefined;
    if (!canSumUp) {
      // Nothing came before that could be summed up: the message alone decides, and the engine counts best.
      if (counted.isEstimated && counted.promptTokens < contextWindow * HOPELESS) return chat;
      throw new AlcoveError('context-exceeded', 'the message alone is longer than the context window', { data });
    }
    const policy = asked ?? settings.contextPolicy ?? 'ask';
    if (policy === 'ask')
      throw new AlcoveError('context-full', `${counted.promptTokens} of ${contextWindow}`, { data });
    return policy === 'fork'
      ? this.#fork(chat, path, record, settings)
      : this.#sumUp(chat, path, text, record, settings);
  }

  async #count(
    path: readonly Message[],
    text: string,
    record: ModelRecord,
    { systemPrompt }: ChatSettings,
  ): Promise<{ promptTokens: number; isEstimated: boolean }> {
    const turns = [...promptFor(path, systemPrompt), { role: 'user' as const, content: text }];
    const counted = await this.#partners.countTokens(record, turns).catch(() => undefined);
    if (counted !== undefined) return { promptTokens: counted, isEstimated: false };
    const use = contextUse(path, systemPrompt);
    return { promptTokens: use.usedTokens + tokensOf(text, use), isEstimated: true };
  }

  /** Sums the oldest part up, in one step, or where the chat is longer than the window in as many as it takes. */
  async #sumUp(
    chat: Conversation,
    path: readonly Message[],
    text: string,
    record: ModelRecord,
    settings: ChatSettings,
  ): Promise<Conversation> {
    let now = chat;
    let shown = path;
    for (;;) {
      const step = nextSummary(shown, settings.systemPrompt ?? '', record.contextWindow);
      if (step === undefined) return now;
      const { prompt: messages, maxTokens, throughId } = step;
      now = await this.#summary(now, shown.at(-1)?.id, record, throughId, { messages, sampling: { maxTokens } });
      shown = activePath(now);
      const use = contextUse(shown, settings.systemPrompt);
      if (fits(use.usedTokens + tokensOf(text, use), record.contextWindow, settings.sampling?.maxTokens)) return now;
    }
  }

  /** A new chat that begins with a summary of all that was said. The old one stays as it is. */
  async #fork(
    chat: Conversation,
    path: readonly Message[],
    record: ModelRecord,
    { systemPrompt = '' }: ChatSettings,
  ): Promise<Conversation> {
    const step = nextSummary(path, systemPrompt, record.contextWindow, false);
    if (step === undefined) throw new AlcoveError('context-exceeded', 'nothing can be summed up');
    const now = Date.now();
    const { title, titleIsSet, tags, settings, modelId } = chat;
    const forkedFrom = { conversationId: chat.id, messageId: step.throughId, title };
    const empty = setFields(
      createConversation(crypto.randomUUID(), now, modelId),
      { title, titleIsSet, tags, settings, forkedFrom },
      now,
    );
    this.#library.show(empty);
    this.#library.put(empty, []);
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
    const id = await this.#partners.writeSummary(chat.id, parentId, record, throughId, request);
    const written = this.#library.get(chat.id) ?? (await this.#library.read(chat.id));
    const summary = id === undefined ? undefined : written?.messages.get(id);
    if (written === undefined || summary === undefined) throw abortError();
    if (summary.status === 'complete' && textOf(summary) !== '') return selectBranch(written, summary.id, Date.now());
    // A summary that lacks something would make the model forget it: it goes, and nothing was changed.
    this.#library.put(deleteBranch(written, summary.id, Date.now()), [summary.id]);
    if (summary.error !== undefined) throw fromWireError(summary.error);
    if (summary.status === 'complete') throw new AlcoveError('generation-failed', 'the summary is empty');
    throw abortError();
  }
}
