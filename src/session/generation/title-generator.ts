import type { Conversation, Message } from '../../chat/conversation.ts';
import { titleFor, titleFrom } from '../../chat/title.ts';
import { activePath } from '../../chat/tree.ts';
import type { Capabilities, GenerateRequest } from '../../engine/engine.ts';
import { ENGINE_PROFILES } from '../../models/engines/engine-profiles.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import type { ChatRepository } from '../chats/chat-repository.ts';
import type { RuntimeEvent } from '../runtime/runtime-event.ts';
import type { SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';
import type { RequestBuilder } from './request-builder.ts';

/** In English, which models follow best. It follows the chat's prompt, which the engine has cached. */
const QUESTION =
  'Write a title for this conversation, in its language: at most six words, no quotation marks. Reply with the title only.';

/** Tokens of a title, and tokens that must be free in the context window for it and its prompt. */
const TITLE_TOKENS = 24;
const ROOM_TOKENS = 120;

interface TitleEngine {
  generate(record: ModelRecord, request: GenerateRequest, signal: AbortSignal): AsyncIterable<RuntimeEvent>;
  capabilities(record: ModelRecord, signal: AbortSignal): Promise<Pick<Capabilities, 'thinkingSwitch'>>;
}

/**
 * Lets the model name a chat after its first answer, if the user wants that. It asks at once, while the engine still has the
 * chat in its KV cache, so that the prefill is short. Any prompt of the user takes precedence.
 */
export class TitleGenerator {
  readonly #state: StateStore<SessionState>;
  readonly #repository: ChatRepository;
  readonly #engine: TitleEngine;
  readonly #requests: RequestBuilder;
  #naming: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined;

  constructor(
    state: StateStore<SessionState>,
    repository: ChatRepository,
    engine: TitleEngine,
    requests: RequestBuilder,
  ) {
    this.#state = state;
    this.#repository = repository;
    this.#engine = engine;
    this.#requests = requests;
  }

  get isNaming(): boolean {
    return this.#naming !== undefined;
  }

  /** Names a chat after its first answer. Never throws: the chat then keeps the title from its first prompt. */
  async afterAnswer(chatId: string, record: ModelRecord): Promise<void> {
    const abort = new AbortController();
    // It was stopped, or the model could not answer.
    const ended = this.#name(chatId, record, abort.signal).catch(() => {});
    const naming = { abort, ended };
    this.#naming = naming;
    await ended;
    if (this.#naming === naming) this.#naming = undefined;
  }

  /** Stops the naming. Resolves when the engine is free. */
  async stop(): Promise<void> {
    this.#naming?.abort.abort();
    await this.#naming?.ended;
  }

  async #name(chatId: string, record: ModelRecord, signal: AbortSignal): Promise<void> {
    const chat = await this.#repository.read(chatId);
    if (chat === undefined || !wantsTitle(chat, record)) return;
    if ((await this.#repository.writing.isAnyHeldElsewhere()) || !this.#mayAsk(record)) return;
    const title = await this.#ask(chat, record, signal);
    const named = await this.#repository.read(chatId);
    // The user may have named it meanwhile.
    if (title !== '' && named?.title === chat.title) await this.#repository.setFields(chatId, { title });
  }

  #mayAsk({ id, engine }: ModelRecord): boolean {
    const { generation, waiting, runtime } = this.#state.state;
    const running = runtime.running?.modelId === id ? runtime.running.engine : engine;
    return generation.status === 'idle' && waiting.length === 0 && ENGINE_PROFILES[running].keepsPrefixes;
  }

  async #ask(chat: Conversation, record: ModelRecord, signal: AbortSignal): Promise<string> {
    const { thinkingSwitch } = await this.#engine.capabilities(record, signal);
    const settings = this.#requests.settingsOf(chat);
    const { turns } = await this.#requests.turns(activePath(chat), settings, record, {}, signal);
    const request = {
      messages: [...turns, { role: 'user' as const, content: QUESTION }],
      sampling: { temperature: 0, maxTokens: TITLE_TOKENS },
      ...(thinkingSwitch && { thinking: false }),
    };
    let text = '';
    signal.throwIfAborted();
    for await (const event of this.#engine.generate(record, request, signal)) {
      if (event.type === 'text-delta') text += event.text;
      if (event.type === 'text-was-reasoning') text = '';
    }
    return titleFrom(text.trim().split('\n')[0] ?? '').replace(/^["'“”„«»「]+|["'“”«»」.]+$/gu, '');
  }
}

/** Whether the chat has one complete answer, still has the title from its prompt, and has room in the context window. */
function wantsTitle(chat: Conversation, { contextWindow }: ModelRecord): boolean {
  const path = activePath(chat);
  const answer = path.at(-1);
  const isFirst = path.length === 2 && chat.messages.size === 2 && answer?.status === 'complete';
  return isFirst && !chat.titleIsSet && chat.title === titleFor(path) && tokensOf(answer) + ROOM_TOKENS < contextWindow;
}

function tokensOf({ statistics }: Message): number {
  return (statistics?.promptTokens ?? 0) + (statistics?.completionTokens ?? 0);
}
