import type { Conversation, Message } from '../../chat/conversation.ts';
import type { ProjectFile } from '../../chat/project.ts';
import { answerReserve, contextUse, imageCount } from '../../chat/prompt/context-window.ts';
import { type PromptAbilities, type PromptTurn, promptFor } from '../../chat/prompt/prompt.ts';
import { unreadDocuments } from '../../chat/prompt/read-passages.ts';
import { estimateToolTokens } from '../../chat/prompt/token-estimate.ts';
import type { Reading } from '../../chat/reading.ts';
import type { ChatSettings } from '../../chat/settings/chat-settings.ts';
import { applySettings, effectiveSettings } from '../../chat/settings/effective-settings.ts';
import { pathTo } from '../../chat/tree.ts';
import type { Capabilities, GenerateRequest, Sampling, Tool } from '../../engine/engine.ts';
import { profileOf } from '../../models/engines/engine-profiles.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import type { ChatRepository } from '../chats/chat-repository.ts';
import { chatInstructions, projectOfChat } from '../state/chat-instructions.ts';
import type { SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';
import { continuePrompt } from './continue-prompt.ts';
import { deviceLabel } from './device-label.ts';
import type { Preferences } from './preferences.ts';
import { withImages } from './prompt-images.ts';
import type { SessionTool, ToolBox } from './tools/tool-box.ts';

/** What a model is asked: the chat up to a message, or a request that does not come from a chat's messages. */
export type Prompt =
  | {
      readonly throughId: string;
      /** `continuation`: the message itself is written on. `asked-continuation`: the model is asked to, in a new turn. */
      readonly kind: 'answer' | 'continuation' | 'asked-continuation';
    }
  /** The message itself is written on, after the results of the tools that it has called. */
  | { readonly throughId: string; readonly kind: 'tool-results'; readonly mayCallAgain: boolean }
  | { readonly request: GenerateRequest };

/** A request to a model, and what is noted about it on the message. */
export interface BuiltRequest {
  readonly request: GenerateRequest;
  readonly note?: Partial<Message>;
  /** The tools that the model may call; default none. */
  readonly tools?: readonly SessionTool[];
}

interface RequestEngine {
  /** What the loaded model can do. Loads it first if needed. */
  capabilities(record: ModelRecord, signal: AbortSignal): Promise<Capabilities>;
  /** Tokens of a prompt. Undefined if the engine cannot count them or the model is not loaded. */
  countTokens(record: ModelRecord, messages: readonly PromptTurn[]): Promise<number | undefined>;
}

/** An estimate of an unknown tokenizer may be that much too low. */
const MARGIN = 0.9;

/** Builds the request of a generation from its chat, the settings that apply there, and what the engine can do. */
export class RequestBuilder {
  readonly #state: StateStore<SessionState>;
  readonly #repository: ChatRepository;
  readonly #engine: RequestEngine;
  readonly #preferences: Preferences;
  readonly #tools: ToolBox;
  readonly #sampling: Sampling | undefined;

  /** @param sampling of every answer; settings override it */
  constructor(
    state: StateStore<SessionState>,
    repository: ChatRepository,
    engine: RequestEngine,
    preferences: Preferences,
    tools: ToolBox,
    sampling: Sampling | undefined,
  ) {
    this.#state = state;
    this.#repository = repository;
    this.#engine = engine;
    this.#preferences = preferences;
    this.#tools = tools;
    this.#sampling = sampling;
  }

  /** Estimate of what the descriptions of the tools take of a prompt. */
  get toolTokens(): number {
    return estimateToolTokens(this.#state.state.tools);
  }

  /** The settings that apply in a chat, once the preferences have been read. */
  settingsOf(chat: Conversation | undefined): ChatSettings {
    return effectiveSettings(
      this.#preferences.current.forAll,
      chat?.settings,
      chatInstructions(this.#state.state, chat),
    );
  }

  /** Builds the request with the settings and the messages that the chat has at this moment. */
  async build(chatId: string, record: ModelRecord, prompt: Prompt, signal: AbortSignal): Promise<BuiltRequest> {
    if ('request' in prompt) return prompt;
    await this.#preferences.read();
    const can = await this.#engine.capabilities(record, signal);
    const chat = this.#repository.get(chatId);
    const settings = this.settingsOf(chat);
    const { sampling, thinking, leftOut: unsupported } = applySettings(settings, can);
    const all = { ...this.#sampling, ...sampling };
    const { kind } = prompt;
    // Engines cannot continue a text and offer tools at once.
    const tools = kind === 'answer' || kind === 'tool-results' ? await this.#tools.list(signal) : [];
    const offered = can.tools ? tools : [];
    const leftOut = tools.length > offered.length ? [...unsupported, 'tools'] : unsupported;
    const abilities = { tools: offered.length > 0 || kind === 'tool-results', images: can.images };
    const mayCall = kind !== 'tool-results' || prompt.mayCallAgain;
    const path = chat === undefined ? [] : pathTo(chat, prompt.throughId);
    const { turns, read } = await this.turns(path, settings, record, abilities, signal, this.filesOf(chat));
    return {
      tools: mayCall ? offered : [],
      request: {
        messages: await withImages(kind === 'asked-continuation' ? continuePrompt(turns) : turns, (sha256) =>
          this.#readFile(sha256),
        ),
        ...(offered.length > 0 && { tools: offered.map(toEngineTool) }),
        ...(offered.length > 0 && !mayCall && { toolChoice: 'none' as const }),
        ...(Object.keys(all).length > 0 && { sampling: all }),
        ...(thinking !== undefined && { thinking }),
        ...(kind === 'continuation' && { continueLast: true }),
      },
      note: {
        ...(Object.keys(settings).length > 0 && { settings }),
        ...(leftOut.length > 0 && { leftOut }),
        ...(offered.length > 0 && { toolTokens: estimateToolTokens(offered) }),
        ...(read !== undefined && { read }),
        ...this.#provenance(record),
      },
    };
  }

  async #readFile(sha256: string): Promise<Blob | undefined> {
    return (await this.#repository.openPurge()).attachments.read(sha256);
  }

  /** The files of a chat's project, which are searched for each question. */
  filesOf(chat: Conversation | undefined): readonly ProjectFile[] {
    return projectOfChat(this.#state.state, chat)?.files ?? [];
  }

  /** The prompt of a path with what is read of its documents and of other files, and what of that is new. */
  async turns(
    path: readonly Message[],
    settings: ChatSettings,
    record: ModelRecord,
    abilities: PromptAbilities,
    signal: AbortSignal,
    files: readonly ProjectFile[] = [],
  ): Promise<{ readonly turns: readonly PromptTurn[]; readonly read?: Reading | undefined }> {
    const { systemPrompt, sampling } = settings;
    const hasDocuments = unreadDocuments(path).length + files.length > 0 || path.some(({ read }) => read);
    if (!hasDocuments) return { turns: promptFor(path, systemPrompt, abilities) };
    const documents = await (await this.#repository.openPurge()).attachments.openDocuments();
    const imageTokens = abilities.images ? profileOf(record).imageTokens(record) : 0;
    const { usedTokens, factor } = contextUse(path, systemPrompt, this.toolTokens, imageTokens);
    const most = record.contextWindow - answerReserve(record.contextWindow, sampling?.maxTokens);
    let budgetTokens = ((most - usedTokens) / factor) * (factor === 1 ? MARGIN : 1);
    for (let isRetry = false; ; isRetry = true) {
      const { texts, read } = await documents.read(path, { budgetTokens, files, signal });
      const turns = promptFor(path, systemPrompt, { ...abilities, documents: texts });
      if (read === undefined || isRetry) return { turns, read };
      const counted = await this.#engine.countTokens(record, turns).catch(() => undefined);
      const all = (counted ?? 0) + this.toolTokens + imageCount(turns) * imageTokens;
      if (counted === undefined || all <= most) return { turns, read };
      budgetTokens *= (most / all) * MARGIN;
    }
  }

  /** The engine and device of an answer. After a failed backend the engine is not the record's. */
  #provenance(record: ModelRecord): Partial<Message> {
    const { runtime, device: report } = this.#state.state;
    const running = runtime.running?.modelId === record.id ? runtime.running : undefined;
    const engine = running?.engine ?? record.engine;
    const device = deviceLabel(engine, running?.backend, report);
    return { engine, ...(device !== undefined && { device }) };
  }
}

/** What an engine, which may be in a worker, is given of a tool. */
function toEngineTool({ name, description, parameters }: Tool): Tool {
  return {
    name,
    ...(description !== undefined && { description }),
    ...(parameters !== undefined && { parameters }),
  };
}
