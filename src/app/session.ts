import type { Message } from '../chat/conversation.ts';
import { promptFor } from '../chat/prompt.ts';
import { titleFrom } from '../chat/title.ts';
import { addMessage, createConversation, pathTo, selectBranch } from '../chat/tree.ts';
import type { Engine, Sampling } from '../engine/engine.ts';
import { AlcoveError, toAlcoveError } from '../errors.ts';
import type { EngineId, ModelRecord } from '../models/model-record.ts';
import { ChatStore } from '../storage/chat-store.ts';
import { AnswerWriter } from './answer-writer.ts';
import { ChatLibrary } from './chat-library.ts';
import type { ChatTransfer } from './chat-transfer.ts';
import { createDefaultEngine } from './default-engines.ts';
import { ModelRunner } from './model-runner.ts';
import { ModelShelf } from './model-shelf.ts';
import { RequestLedger } from './request-ledger.ts';
import { type GenerationState, INITIAL_STATE, type SessionState } from './session-state.ts';
import { StateStore } from './state-store.ts';

export interface SessionOptions {
  /** Absolute address of catalogue.json. Relative addresses in it are resolved against it. */
  readonly catalogueUrl: string;
  /** Makes an engine when it is first needed. Default: one shared by all tabs and sessions of this origin. */
  readonly createEngine?: (id: EngineId) => Promise<Engine>;
  /** Prefix of the databases. Default `alcove`. */
  readonly databaseName?: string;
  /** For every answer. Default: the model's own. */
  readonly sampling?: Sampling;
}

/**
 * The single owner of what is shared: models, chats, the answer that is being written. An instance, never a global, so
 * that a page can hold several; sessions of one origin share weights, chats and the loaded model all the same.
 *
 * Components read `state` and ask by the methods; only what an engine or a store has reported changes the state.
 */
export class Session {
  /** Every request that the browser made for this page. */
  readonly ledger = new RequestLedger();
  /** Brings chats out of the browser and into it; loaded when it is first needed. */
  readonly openTransfer: () => Promise<ChatTransfer>;
  readonly #options: SessionOptions;
  readonly #state = new StateStore<SessionState>(INITIAL_STATE);
  readonly #library: ChatLibrary;
  readonly #runner: ModelRunner;
  readonly #shelf: ModelShelf;
  #started: Promise<void> | undefined;
  #answering: AbortController | undefined;
  #loading: AbortController | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    const name = options.databaseName ?? 'alcove';
    const weights = `${name}-weights`;
    this.#library = new ChatLibrary(this.#state, new ChatStore(`${name}-chats`), `${name}-chats`);
    const createEngine = options.createEngine ?? ((id) => createDefaultEngine(id, weights));
    this.#runner = new ModelRunner(this.#state, createEngine);
    this.#shelf = new ModelShelf(this.#state, options.catalogueUrl, weights);
    this.openTransfer = () => openTransfer(this.#library, this.#state);
  }

  get state(): Readonly<SessionState> {
    return this.#state.state;
  }

  /** `listener` is called after each change of `state`. Returns its undo. */
  subscribe(listener: () => void): () => void {
    return this.#state.subscribe(listener);
  }

  /** Reads the catalogue, the chats, what is stored and what the device can do. Never throws: see `state.start`. */
  start(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  /** Stops what runs and lets everything go. The state stays readable. */
  dispose(): void {
    this.#answering?.abort();
    this.#loading?.abort();
    this.#shelf.dispose();
    this.#runner.dispose();
    this.#library.dispose();
    this.ledger.dispose();
  }

  // Models

  /** The model that the next message goes to. */
  selectModel(modelId: string): void {
    this.#shelf.select(modelId);
  }

  /** Starts a download, or goes on with one. How it fares is in the state. @throws AlcoveError `model-unknown` */
  async download(modelId: string): Promise<void> {
    this.#shelf.download(modelId);
  }

  /** Resolves when the download stands still; what is stored stays. */
  pauseDownload(modelId: string): Promise<void> {
    return this.#shelf.pause(modelId);
  }

  /** Ends a download and drops what it has stored. */
  cancelDownload(modelId: string): Promise<void> {
    return this.#shelf.cancel(modelId);
  }

  /** @throws AlcoveError `model-in-use` while another tab has it loaded */
  async deleteModel(modelId: string): Promise<void> {
    const { engine } = this.state;
    if (engine.status !== 'idle' && engine.modelId === modelId) await this.unloadModel();
    await this.#shelf.delete(modelId);
  }

  /** Reads what is stored of a model and compares its hashes. @throws AlcoveError `model-damaged` */
  verifyModel(modelId: string): Promise<void> {
    return this.#shelf.verify(modelId);
  }

  /** Asks the browser not to evict what is stored. Resolves with its answer. */
  requestPersistence(): Promise<boolean> {
    return this.#shelf.requestPersistence();
  }

  /**
   * Loads a stored model now rather than with the first message. How it went, is in `state.engine`.
   * @throws AlcoveError `model-unknown`, `model-missing`, or why the model cannot run here
   */
  async loadModel(modelId: string): Promise<void> {
    const record = this.#runnable(modelId);
    this.#loading = new AbortController();
    await this.#runner.load(record, this.#loading.signal).catch(() => {});
  }

  /** Loads the selected model if it can be and is not: called when a person begins to write, so that it is ready. */
  prepare(): void {
    const { selectedModelId, engine, generation, models } = this.state;
    const entry = models.find(({ record }) => record.id === selectedModelId);
    const isReady = engine.status !== 'idle' && engine.modelId === selectedModelId;
    if (entry?.weights.status !== 'stored' || entry.fit.verdict === 'cannot-run') return;
    if (!isReady && generation.status === 'idle') void this.loadModel(entry.record.id);
  }

  async unloadModel(): Promise<void> {
    this.#answering?.abort();
    this.#loading?.abort();
    await this.#runner.unload();
  }

  // Chats

  newChat(): void {
    this.#library.show(undefined);
  }

  /** @throws AlcoveError `record-broken` */
  async openChat(id: string): Promise<void> {
    await this.#library.open(id);
    const { chat, models } = this.state;
    if (chat?.modelId !== undefined && models.some(({ record }) => record.id === chat.modelId)) {
      this.selectModel(chat.modelId);
    }
  }

  renameChat(id: string, title: string): Promise<void> {
    return this.#library.rename(id, title);
  }

  async deleteChat(id: string): Promise<void> {
    const { generation } = this.state;
    if (generation.status !== 'idle' && generation.chatId === id) this.stop();
    await this.#library.delete(id);
  }

  /** Undoes a delete of this visit. */
  restoreChat(id: string): Promise<void> {
    return this.#library.restore(id);
  }

  /** What is stored of a chat that cannot be opened. */
  rawChat(id: string): Promise<unknown> {
    return this.#library.loadRaw(id);
  }

  /**
   * Adds a message to the open chat, or begins one, and has it answered. Resolves when the answer has ended; how, is
   * in its message.
   * @throws AlcoveError before anything is changed: `prompt-empty`, `engine-busy`, `model-unknown`, `model-missing`, or
   *   why the model cannot run here
   */
  async send(text: string): Promise<void> {
    if (text.trim() === '') throw new AlcoveError('prompt-empty', 'the message is empty');
    const record = this.#readyToAnswer(this.state.selectedModelId);
    const now = Date.now();
    const chat = this.state.chat ?? createConversation(crypto.randomUUID(), now, record.id);
    const message: Message = {
      id: crypto.randomUUID(),
      parentId: chat.activeLeafId,
      role: 'user',
      text,
      status: 'complete',
      createdAt: now,
    };
    const title = chat.title === '' && !chat.titleIsSet ? titleFrom(text) : chat.title;
    const asked = addMessage({ ...chat, title, modelId: record.id }, message);
    this.#library.show(asked);
    await this.#answer(asked.id, message.id, record, [message.id]);
  }

  /** Writes another answer beside the one named, or beside the last one to a user's message. */
  async regenerate(messageId: string): Promise<void> {
    const chat = this.state.chat;
    const message = chat?.messages.get(messageId);
    if (chat === undefined || message === undefined) return;
    const questionId = message.role === 'user' ? message.id : message.parentId;
    if (questionId === undefined) return;
    const record = this.#readyToAnswer(this.state.selectedModelId);
    await this.#answer(chat.id, questionId, record, []);
  }

  /** Shows the branch of a sibling. */
  selectSibling(messageId: string): void {
    const { chat } = this.state;
    if (chat?.messages.has(messageId)) this.#library.put(selectBranch(chat, messageId, Date.now()), []);
  }

  /** Asks for the answer to end. What is written stays; `state.generation` says when it has ended. */
  stop(): void {
    const { generation } = this.state;
    if (generation.status === 'idle') return;
    this.#setGeneration({ ...generation, status: 'stopping' });
    this.#answering?.abort();
  }

  async #start(): Promise<void> {
    const device = this.#runner.engine('webllm').then((engine) => engine.probe());
    const [catalogue] = await Promise.allSettled([this.#shelf.start(device), this.#library.start()]);
    if (catalogue.status === 'rejected') {
      this.#state.set({ start: 'failed', startError: toAlcoveError(catalogue.reason, 'catalogue-invalid') });
    } else {
      this.#state.set({ start: 'ready' });
    }
  }

  async #answer(chatId: string, questionId: string, record: ModelRecord, changed: readonly string[]): Promise<void> {
    const chat = this.#library.get(chatId);
    if (chat === undefined) return;
    const answer: Message = {
      id: crypto.randomUUID(),
      parentId: questionId,
      role: 'assistant',
      text: '',
      status: 'streaming',
      createdAt: Date.now(),
      modelId: record.id,
      engine: record.engine,
    };
    const messages = promptFor(pathTo(chat, questionId));
    this.#answering = new AbortController();
    const release = this.#library.hold(chat);
    this.#library.put(addMessage(chat, answer), [...changed, answer.id]);
    this.#setGeneration({ status: 'submitted', chatId, messageId: answer.id });
    const { sampling } = this.#options;
    const request = { messages, ...(sampling !== undefined && { sampling }) };
    try {
      const writer = new AnswerWriter(this.#library, chatId, answer.id);
      await writer.write(this.#runner.generate(record, request, this.#answering.signal), () => {
        if (this.state.generation.status === 'submitted') {
          this.#setGeneration({ status: 'streaming', chatId, messageId: answer.id });
        }
      });
      // Only the order of a list depends on it.
      this.#shelf.markUsed(record.id).catch(() => {});
    } finally {
      release();
      this.#answering = undefined;
      this.#setGeneration({ status: 'idle' });
    }
  }

  #readyToAnswer(modelId: string | undefined): ModelRecord {
    if (this.state.generation.status !== 'idle') throw new AlcoveError('engine-busy', 'an answer is being written');
    return this.#runnable(modelId);
  }

  #runnable(modelId: string | undefined): ModelRecord {
    const entry = this.state.models.find(({ record }) => record.id === modelId);
    if (entry === undefined) throw new AlcoveError('model-unknown', `no model ${modelId ?? 'is selected'}`);
    const { record, fit, weights } = entry;
    if (fit.verdict === 'cannot-run')
      throw new AlcoveError(fit.code, `${record.id} cannot run here`, { data: fit.data });
    if (weights.status !== 'stored') throw new AlcoveError('model-missing', `${record.id} is not stored`);
    return record;
  }

  #setGeneration(generation: GenerationState): void {
    this.#state.set({ generation });
  }
}

async function openTransfer(library: ChatLibrary, state: StateStore<SessionState>): Promise<ChatTransfer> {
  const { ChatTransfer } = await import('./chat-transfer.ts');
  return new ChatTransfer(library, () => state.state.chats.map(({ id, title }) => [id, title]));
}
