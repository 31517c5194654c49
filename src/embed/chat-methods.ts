import type { Conversation } from '../chat/conversation.ts';
import { toFile } from '../chat/formats/alcove-chats.ts';
import { type MessagePart, textParts } from '../chat/message-parts.ts';
import { titleFor } from '../chat/title.ts';
import { activePath, addMessage, createConversation, setFields } from '../chat/tree.ts';
import { AlcoveError, abortError } from '../platform/errors.ts';
import type { Session } from '../session/session.ts';
import { findModel } from '../session/state/find-model.ts';
import type { AnswerPlace, ModelEntry, SessionState } from '../session/state/session-state.ts';
import { isWrittenIn } from '../ui/models/model-labels.ts';
import { toChatMessage } from './chat-message.ts';
import { errorOf } from './error-of.ts';
import type {
  ChatMessage,
  ChatMessageInput,
  ChatSummary,
  ExportOptions,
  ImportResult,
  SendOptions,
} from './public-types.ts';

/** A message as it is sent, with the text of the page. */
export interface Outgoing {
  readonly text: string;
  readonly attached: Promise<readonly MessagePart[]>;
}

export interface MethodHost {
  /** The model that the page wants; undefined if the user chooses. */
  wantedModel(): string | undefined;
  /** Asks for the download of a model that is not stored, if nobody has been asked. */
  askForDownload(entry: ModelEntry): void;
  /** Puts a text into the message field once there is one. */
  fill(text: string): void;
  /** Asks the page about a message. @throws AbortError if the page prevents it */
  beforeSend(text: string): Outgoing;
}

/** What the element calls, whether the chat is in the page or in a hub. */
export type ElementMethods = Pick<ChatMethods, keyof ChatMethods>;

/** The methods of the element on a session that has started. Each throws an AlcoveError or an AbortError. */
export class ChatMethods {
  readonly #session: Session;
  readonly #host: MethodHost;

  constructor(session: Session, host: MethodHost) {
    this.#session = session;
    this.#host = host;
  }

  /** Loads a model. Waits for the download that the user or the page agrees to. */
  async load(): Promise<void> {
    const session = this.#session;
    const id = this.#host.wantedModel() ?? session.state.selectedModelId ?? (await this.#proposedModel());
    const entry = this.#known(id);
    const modelId = entry.record.id;
    session.models.select(modelId);
    if (entry.weights.status !== 'stored' && entry.fit.status !== 'cannot-run') await this.#download(entry);
    await session.models.load(modelId);
    const { engine } = session.state;
    if (engine.status === 'ready' && engine.modelId === modelId) return;
    throw engine.status === 'failed' || engine.status === 'lost' ? engine.error : abortError();
  }

  fill(text: string): void {
    this.#host.fill(text);
  }

  async send(text: string, { signal }: SendOptions = {}): Promise<ChatMessage> {
    signal?.throwIfAborted();
    this.#checkModel();
    const outgoing = this.#host.beforeSend(text);
    const attached = await outgoing.attached;
    signal?.throwIfAborted();
    const answer = this.#session.generation.send(outgoing.text, undefined, attached);
    const stop = (): void => void this.stop();
    signal?.addEventListener('abort', stop);
    try {
      return await this.#message(await answer);
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  async regenerate(): Promise<ChatMessage> {
    const last = this.#session.state.chat?.activeLeafId;
    this.#checkModel();
    if (last === undefined) throw new AlcoveError('prompt-empty', 'the chat has no message to answer');
    return this.#message(await this.#session.generation.regenerate(last));
  }

  /** Resolves when the answer in the open chat has ended. */
  async stop(): Promise<void> {
    const chatId = this.#session.state.chat?.id;
    if (chatId === undefined) return;
    await this.#session.generation.stop(chatId);
    await until(this.#session, (state) => !isWrittenIn(state, chatId));
  }

  async clear(): Promise<void> {
    const { chat } = this.#session.state;
    if (chat !== undefined) await this.deleteChat(chat.id);
    this.newChat();
  }

  newChat(): void {
    this.#session.chats.new();
  }

  async setMessages(messages: readonly ChatMessageInput[]): Promise<void> {
    const { chat, selectedModelId } = this.#session.state;
    if (chat !== undefined) await this.#session.generation.stop(chat.id);
    if (messages.length === 0) this.newChat();
    else this.#session.chats.add(chatOf(messages, selectedModelId));
  }

  async listChats(): Promise<readonly ChatSummary[]> {
    const chats = await this.#session.chats.list();
    return chats.map(({ id, title, createdAt, updatedAt }) => ({ id, title, createdAt, updatedAt }));
  }

  async openChat(id: string): Promise<void> {
    if ((await this.#session.chats.read(id)) === undefined) throw noChat(id);
    await this.#session.chats.open(id);
  }

  async deleteChat(id: string): Promise<void> {
    await this.#session.chats.delete(id);
  }

  async export({ format = 'json', all = false }: ExportOptions): Promise<Blob> {
    const { chat } = this.#session.state;
    if (all) return (await this.#session.chats.transfer.exportAll()).file;
    if (format === 'markdown') return this.#exportMarkdown(chat);
    if (chat !== undefined) return this.#session.chats.transfer.exportChat(chat.id);
    return new Blob([toFile([], Date.now())], { type: 'application/json' });
  }

  async import(file: Blob | string): Promise<ImportResult> {
    const blob = typeof file === 'string' ? new Blob([file], { type: 'application/json' }) : file;
    const { added, merged, known, unread } = await this.#session.chats.transfer.import(blob);
    return { added, merged, known, unread: unread.length };
  }

  async unload(): Promise<void> {
    await this.#session.models.unload();
  }

  /** Without this, a message would go to another model than the page has named. */
  #checkModel(): void {
    const wanted = this.#host.wantedModel();
    if (wanted !== undefined) this.#known(wanted);
  }

  #known(id: string | undefined): ModelEntry {
    const entry = findModel(this.#session.state, id);
    if (entry === undefined) throw new AlcoveError('model-unknown', `no model ${id ?? 'is listed'}`);
    return entry;
  }

  async #exportMarkdown(chat: Conversation | undefined): Promise<Blob> {
    const { chatMarkdown } = await import('../ui/history/chat-markdown.ts');
    const text = chat === undefined ? '' : chatMarkdown(chat, this.#session.state);
    return new Blob([text], { type: 'text/markdown' });
  }

  /** Without a model of the page or of the user: the one that suits the device. */
  async #proposedModel(): Promise<string | undefined> {
    const { models, recommended } = await until(this.#session, ({ recommended }) => recommended !== undefined);
    return recommended?.[0] ?? models[0]?.record.id;
  }

  async #download({ record }: ModelEntry): Promise<void> {
    const entry = findModel(this.#session.state, record.id);
    if (entry !== undefined) this.#host.askForDownload(entry);
    let hasBegun = false;
    const state = await until(this.#session, (state) => {
      const status = findModel(state, record.id)?.weights.status;
      if (status === 'downloading') hasBegun = true;
      const isCancelled = hasBegun && (status === 'absent' || status === 'evicted');
      return status === 'stored' || status === 'failed' || isCancelled || state.selectedModelId !== record.id;
    });
    const weights = findModel(state, record.id)?.weights;
    if (weights?.status === 'failed') throw weights.error;
    if (weights?.status !== 'stored') throw abortError();
  }

  async #message(place: AnswerPlace | undefined): Promise<ChatMessage> {
    const chat = place && (await this.#session.chats.read(place.chatId));
    const message = place && chat?.messages.get(place.messageId);
    // The chat was deleted meanwhile.
    if (message === undefined) throw abortError();
    if (message.status === 'failed' && message.error !== undefined) throw errorOf(message.error);
    return toChatMessage(message);
  }
}

function noChat(id: string): AlcoveError {
  return new AlcoveError('record-broken', `no chat ${id}`, { data: { id } });
}

/** The state from now on for which the condition holds. */
async function until(session: Session, holds: (state: SessionState) => boolean): Promise<SessionState> {
  if (holds(session.state)) return session.state;
  return new Promise((resolve) => {
    const undo = session.subscribe(() => {
      const { state } = session;
      if (!holds(state)) return;
      undo();
      resolve(state);
    });
  });
}

function chatOf(messages: readonly ChatMessageInput[], modelId: string | undefined): Conversation {
  const now = Date.now();
  let chat = createConversation(crypto.randomUUID(), now, modelId);
  for (const { role, content } of messages) {
    if (role === 'system') {
      chat = setFields(chat, { settings: { systemPrompt: content } }, now);
      continue;
    }
    const place = { id: crypto.randomUUID(), parentId: chat.activeLeafId, createdAt: now };
    chat = addMessage(chat, { ...place, role, parts: textParts(content), status: 'complete' });
  }
  return setFields(chat, { title: titleFor(activePath(chat)) }, now);
}
