import type { Conversation } from '../../chat/conversation.ts';
import type { GenerateRequest } from '../../engine/engine.ts';
import { ENGINE_PROFILES } from '../../models/engines/engine-profiles.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import type { ChatRepository } from '../chats/chat-repository.ts';
import type { RuntimeEvent } from '../runtime/runtime-event.ts';
import type { SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';
import { isBatteryLow } from './battery.ts';
import type { RequestBuilder } from './request-builder.ts';

/** Characters by which a draft must have grown before it is read again. */
const WORTH_READING = 200;

interface ReadingEngine {
  generate(record: ModelRecord, request: GenerateRequest, signal: AbortSignal): AsyncIterable<RuntimeEvent>;
}

/**
 * Lets the loaded model read a chat while the user types the next message, so that the answer begins sooner after a reload or
 * another chat. What it has read stays in the KV cache, also when it is stopped, which any other request does at once.
 */
export class ReadAhead {
  readonly #state: StateStore<SessionState>;
  readonly #repository: ChatRepository;
  readonly #engine: ReadingEngine;
  readonly #requests: RequestBuilder;
  #reading: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined;
  #read: { readonly leafId: string; readonly model: ModelRecord; readonly length: number } | undefined;

  constructor(
    state: StateStore<SessionState>,
    repository: ChatRepository,
    engine: ReadingEngine,
    requests: RequestBuilder,
  ) {
    this.#state = state;
    this.#repository = repository;
    this.#engine = engine;
    this.#requests = requests;
  }

  /** Reads a chat and the text that may become its next message. Never throws; resolves when it has ended. */
  async begin(chat: Conversation, text: string, record: ModelRecord): Promise<void> {
    const { activeLeafId: leafId } = chat;
    if (this.#reading !== undefined || leafId === undefined) return;
    if (chat.messages.get(leafId)?.role !== 'assistant' || this.#isRead(leafId, text, record)) return;
    const abort = new AbortController();
    // It was stopped, or the model cannot read it: the user sees why when the message is sent.
    const ended = this.#run(chat.id, leafId, text, record, abort.signal).catch(() => {});
    this.#reading = { abort, ended };
    await ended;
    this.#reading = undefined;
  }

  /** Resolves when the engine is free. */
  async stop(): Promise<void> {
    this.#reading?.abort.abort();
    await this.#reading?.ended;
  }

  async #run(chatId: string, leafId: string, text: string, record: ModelRecord, signal: AbortSignal): Promise<void> {
    if (!this.#mayRead(record) || (await isBatteryLow()) || (await this.#repository.writing.isAnyHeldElsewhere()))
      return;
    const { request } = await this.#requests.build(chatId, record, { throughId: leafId, kind: 'answer' }, signal);
    signal.throwIfAborted();
    if (!this.#mayRead(record)) return;
    const ahead: GenerateRequest = {
      ...request,
      messages: [...request.messages, { role: 'user', content: text }],
      sampling: { ...request.sampling, maxTokens: 1 },
      readAhead: true,
    };
    for await (const event of this.#engine.generate(record, ahead, signal)) void event;
    this.#read = { leafId, model: record, length: text.length };
  }

  /** Only with what is loaded, and while nobody waits for an answer. */
  #mayRead({ id }: ModelRecord): boolean {
    const { engine, generation, waiting, runtime } = this.#state.state;
    const { running, isTesting, measuring } = runtime;
    if (engine.status !== 'ready' || engine.modelId !== id || running?.modelId !== id) return false;
    if (generation.status !== 'idle' || waiting.length > 0 || isTesting || measuring !== undefined) return false;
    return ENGINE_PROFILES[running.engine].keepsPrefixes && document.visibilityState === 'visible';
  }

  #isRead(leafId: string, text: string, model: ModelRecord): boolean {
    const read = this.#read;
    return read?.leafId === leafId && read.model === model && text.length - read.length < WORTH_READING;
  }
}
