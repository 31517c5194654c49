import type { Conversation, ConversationSummary } from '../../chat/conversation.ts';
import type { Project } from '../../chat/project.ts';
import type { ChatSettings } from '../../chat/settings/chat-settings.ts';
import type { Persona } from '../../chat/settings/persona.ts';
import type { SavedPrompt } from '../../chat/settings/saved-prompt.ts';
import type { DownloadStatus } from '../../download/download-status.ts';
import type { LoadProgress, ReadingProgress, Tool } from '../../engine/engine.ts';
import type { Backend } from '../../models/backend.ts';
import type { CustomServer } from '../../models/catalogue/custom-server.ts';
import type { DeviceBenchmark, DeviceReport } from '../../models/device.ts';
import type { Fit } from '../../models/fit/fit-result.ts';
import type { RunResult } from '../../models/fit/run-history.ts';
import type { EngineId, ModelRecord } from '../../models/model-record.ts';
import type { AlcoveError } from '../../platform/errors.ts';

/** A frozen snapshot of the shared state. Each change makes a new object, in which unchanged parts stay `===`. */
export interface SessionState {
  readonly start: 'starting' | 'ready' | 'failed';
  /** Why the start failed (`catalogue-invalid`). */
  readonly startError: AlcoveError | undefined;
  /** Undefined until probed. */
  readonly device: DeviceReport | undefined;
  /** Whether this device's speed was measured, now or on an earlier visit; until then it is estimated. */
  readonly deviceCheck?: 'measuring' | 'measured' | undefined;
  /** What was measured. */
  readonly benchmark?: DeviceBenchmark | undefined;
  readonly models: readonly ModelEntry[];
  /** Ids of the recommended models for this device, the second one smaller; see src/models/catalogue/recommend.ts. */
  readonly recommended?: readonly string[] | undefined;
  readonly engine: EngineState;
  readonly storage: StorageState;
  /** Newest first. */
  readonly chats: readonly ConversationSummary[];
  /** By name; undefined until they have been read. */
  readonly projects?: readonly Project[] | undefined;
  /** The project of the chat that the next message starts. */
  readonly newChatProjectId?: string | undefined;
  /** The open conversation; undefined shows an empty composer. */
  readonly chat: Conversation | undefined;
  readonly generation: GenerationState;
  /** Generations that start after the current one, in this order. */
  readonly waiting: readonly AnswerPlace[];
  /** The tools that a model is offered with the next message. */
  readonly tools: readonly OfferedTool[];
  /** The call of a tool that waits until the user has allowed or declined it. */
  readonly toolQuestion?: ToolQuestion | undefined;
  /** Chats in which a generation has ended while another chat was open. */
  readonly unreadChatIds: readonly string[];
  /** Chats whose records cannot be read; the user can save the stored data. */
  readonly brokenChatIds: readonly string[];
  /** The model that the next message goes to. */
  readonly selectedModelId: string | undefined;
  /** The models that the next message goes to instead, whose answers are then shown side by side; undefined for none. */
  readonly compared?: readonly string[] | undefined;
  readonly runtime: RuntimeState;
  /** Settings for all chats, personas and prompts; undefined until they have been read. */
  readonly preferences: PreferenceState | undefined;
  /** The custom servers, by address; undefined until they have been read, which `models.servers.list` does. */
  readonly servers: readonly ServerEntry[] | undefined;
}

export interface PreferenceState {
  /** For all chats; the settings of a chat take precedence. */
  readonly forAll: ChatSettings;
  /** For the chat that the next message starts. */
  readonly forNext: ChatSettings;
  /** The user's personas, without the built-in ones. */
  readonly personas: readonly Persona[];
  /** The user's prompts, which slash commands put into the message field. */
  readonly prompts: readonly SavedPrompt[];
  /** Instructions of the page that shows the chat, before the system prompt of every chat. They are not stored. */
  readonly instructions?: string | undefined;
}

/** A custom server, and the result of the last request for its models. */
export interface ServerEntry {
  readonly server: CustomServer;
  readonly error: AlcoveError | undefined;
  /** The page may send requests to it only after a reload: its policy for connections is made when it loads. */
  readonly needsReload: boolean;
}

export interface RuntimeState {
  /** What runs the model that is loaded or being loaded; undefined while none is. */
  readonly running: Running | undefined;
  /** Whether the loaded model is answering the self-test, which follows its first answer here or measures it. */
  readonly isTesting: boolean;
  /** The tab that runs a shared engine, while this one waits for it in vain. */
  readonly otherTab: { readonly engine: EngineId; readonly status: 'silent' | 'other-version' } | undefined;
  /** A change of the backend that the user did not ask for; stays until it is dismissed or undone. */
  readonly change: BackendChange | undefined;
  /** A load that ended the page: it is not tried again before the user has answered. */
  readonly question: CrashQuestion | undefined;
  /** The measurement of one backend after another. */
  readonly measuring: { readonly modelId: string; readonly done: number; readonly total: number } | undefined;
  /** The run history of this device; empty until it has been read. */
  readonly history: readonly RunResult[];
}

/** A backend, as labels are made of it. */
export interface BackendName {
  readonly engine: EngineId;
  /** Undefined for an engine that has one backend. */
  readonly backend: Backend | undefined;
}

export interface Running extends BackendName {
  readonly modelId: string;
  /** The variant of the model that runs. */
  readonly recordId: string;
}

export interface BackendChange {
  readonly modelId: string;
  readonly from: BackendName;
  /** Undefined if no other backend can run a stored variant. */
  readonly to: BackendName | undefined;
  readonly error: AlcoveError;
  /** A variant that would run if it were downloaded. */
  readonly offer: { readonly modelId: string; readonly engine: EngineId } | undefined;
}

export interface CrashQuestion extends BackendName {
  readonly modelId: string;
  readonly recordId: string;
  /** Date.now() of that load. */
  readonly startedAt: number;
  readonly otherBackend: BackendName | undefined;
}

export interface ModelEntry {
  readonly record: ModelRecord;
  readonly fit: Fit;
  readonly weights: WeightsState;
  /** Set for a model that the user has added. */
  readonly isCustom?: true;
}

/** Where a model's bytes are. */
export type WeightsState =
  | { readonly status: 'absent' }
  /** The browser has evicted it from the store. */
  | { readonly status: 'evicted' }
  | { readonly status: 'downloading'; readonly download: DownloadStatus & { status: 'planning' | 'downloading' } }
  | { readonly status: 'paused'; readonly download: DownloadStatus & { status: 'paused' } }
  | { readonly status: 'failed'; readonly error: AlcoveError }
  /** A file on the user's disk that may not or cannot be read now. */
  | { readonly status: 'closed'; readonly error: AlcoveError }
  | {
      readonly status: 'stored';
      readonly sizeBytes: number;
      readonly lastUsedAt: number | undefined;
      /** When its files were last compared with their hashes. */
      readonly verifiedAt?: number | undefined;
      /** Its files came from an archive, and nothing but the archive's own hashes was there to compare them with. */
      readonly isOnlySelfVerified?: true;
      /** It is read from a file on the user's disk, outside the browser's storage. */
      readonly isOnDisk?: true;
      /** The catalogue names a newer compiled library; a download fetches that alone. */
      readonly hasNewLibrary?: true;
    };

export type EngineState =
  | { readonly status: 'idle' }
  | { readonly status: 'loading'; readonly modelId: string; readonly progress: LoadProgress | undefined }
  | { readonly status: 'ready'; readonly modelId: string }
  /** The engine has lost the loaded model; the next message loads it again. */
  | { readonly status: 'lost'; readonly modelId: string; readonly error: AlcoveError }
  | { readonly status: 'failed'; readonly modelId: string; readonly error: AlcoveError };

export interface AnswerPlace {
  readonly chatId: string;
  readonly messageId: string;
}

/** A tool, as the user is shown it. */
export interface OfferedTool extends Tool {
  /** Whether the page has given it to this chat, or offers it to any agent, by WebMCP. */
  readonly source: 'registered' | 'page';
  readonly needsConfirmation: boolean;
}

export interface ToolQuestion extends AnswerPlace {
  /** Id of the `tool-call` part of the message. */
  readonly callId: string;
}

/** An answer that is being generated. */
interface Generation extends AnswerPlace {
  /** How much of the prompt is read, once that has taken a second; undefined again with the first text. */
  readonly reading?: ReadingProgress | undefined;
}

export type GenerationState =
  | { readonly status: 'idle' }
  /** Before the first token: loading, or prefill. */
  | ({ readonly status: 'submitted' } & Generation)
  /** Also while the model reads the results of its tools. */
  | ({ readonly status: 'streaming' } & Generation)
  /** The user has asked to stop, and the engine has not confirmed it yet. */
  | ({ readonly status: 'stopping' } & AnswerPlace);

export interface StorageState {
  /**
   * `temporary`: the page that shows the chats wants them to last as long as the page, and nothing of them is stored.
   * `memory`: IndexedDB is not available, or belongs to a newer version of the page (`saveError` says so). Chats then last
   * as long as the tab.
   */
  readonly chats: 'unknown' | 'stored' | 'temporary' | 'memory';
  /** Set where nothing may be stored: downloaded models then last as long as the page too. */
  readonly models?: 'memory';
  /** navigator.storage.persisted(); undefined until it is known. */
  readonly persisted: boolean | undefined;
  readonly usageBytes: number | undefined;
  readonly quotaBytes: number | undefined;
  /** Why the last save failed; it is being retried. */
  readonly saveError: AlcoveError | undefined;
}

export const INITIAL_STATE: SessionState = {
  start: 'starting',
  startError: undefined,
  device: undefined,
  models: [],
  engine: { status: 'idle' },
  storage: {
    chats: 'unknown',
    persisted: undefined,
    usageBytes: undefined,
    quotaBytes: undefined,
    saveError: undefined,
  },
  chats: [],
  chat: undefined,
  generation: { status: 'idle' },
  waiting: [],
  tools: [],
  unreadChatIds: [],
  brokenChatIds: [],
  selectedModelId: undefined,
  runtime: {
    running: undefined,
    isTesting: false,
    otherTab: undefined,
    change: undefined,
    question: undefined,
    measuring: undefined,
    history: [],
  },
  preferences: undefined,
  servers: undefined,
};

/** Of a session that may store nothing. */
export const STATE_IN_MEMORY: SessionState = {
  ...INITIAL_STATE,
  storage: { ...INITIAL_STATE.storage, chats: 'memory', models: 'memory' },
};
