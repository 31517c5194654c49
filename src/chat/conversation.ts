import type { WireError } from '../platform/errors.ts';
import type { MessagePart } from './message-parts.ts';
import type { ChatSettings } from './settings/chat-settings.ts';

/**
 * Where a message stands. `streaming` is only ever true in memory and in a store that was closed in the middle; what
 * is found so at the next start becomes `stopped`.
 */
export type MessageStatus = 'complete' | 'streaming' | 'stopped' | 'failed';

/**
 * Who wrote it. A `summary` is a note in the thread that stands, in the prompt, for what came before it; users and
 * assistants alternate as if it were not there.
 */
export type MessageRole = 'user' | 'assistant' | 'summary';

/** What it took to write an answer; the engine's Usage and who wrote it. */
export interface MessageStatistics {
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly reusedTokens: number | undefined;
  readonly timeToFirstTokenMs: number;
  readonly prefillTokensPerSecond: number | undefined;
  readonly decodeTokensPerSecond: number | undefined;
}

export interface Message {
  readonly id: string;
  /** Undefined for a root. */
  readonly parentId: string | undefined;
  readonly role: MessageRole;
  /** In the order in which they were written; empty for an answer that has not begun. See `textOf`. */
  readonly parts: readonly MessagePart[];
  readonly status: MessageStatus;
  /** ms since the epoch */
  readonly createdAt: number;
  /** The model that wrote it; undefined for a user's. */
  readonly modelId?: string;
  /** The engine that ran the model. */
  readonly engine?: string;
  /** What the model ran on, as the engine names it. */
  readonly device?: string;
  /** The settings that it was written with, as far as any were set. */
  readonly settings?: ChatSettings;
  /** Those of them that the engine has no use for. */
  readonly leftOut?: readonly string[];
  readonly statistics?: MessageStatistics;
  /** Why it ended. `length` is an answer that the limit of tokens cut off. */
  readonly finishReason?: 'stop' | 'length' | 'tool-calls';
  /** Why it failed, for `failed`. */
  readonly error?: WireError;
  /** Of a `summary`: the last message on its path that it stands for. Default: its parent. */
  readonly throughId?: string;
  /** The message beside it that a person has rewritten to make this one. */
  readonly editedFrom?: string;
  /** When it was deleted, with the branch that it begins. It is deleted while this is later than `restoredAt`. */
  readonly deletedAt?: number;
  readonly restoredAt?: number;
  /** It was deleted so long ago that its words are gone. */
  readonly purged?: true;
  /**
   * It was cut off and written on: by the engine without a seam, or, where it cannot do that, by asking the model to go
   * on, so that the seam may show.
   */
  readonly continued?: 'seamlessly' | 'by-asking';
}

/** The parts of a conversation that are set as a whole, for which two tabs may disagree. */
export type ConversationField =
  | 'title'
  | 'modelId'
  | 'activeLeafId'
  | 'pinnedAt'
  | 'archivedAt'
  | 'tags'
  | 'settings'
  | 'forkedFrom';

/** What the list of chats shows, readable without a conversation's messages. */
export interface ConversationSummary {
  readonly id: string;
  readonly title: string;
  /** True once the user has named it: no automatic title afterwards. */
  readonly titleIsSet: boolean;
  readonly createdAt: number;
  /** When the last message was added. */
  readonly updatedAt: number;
  readonly modelId: string | undefined;
  /** The leaf of the path that is shown; undefined for an empty conversation. */
  readonly activeLeafId: string | undefined;
  /** Undefined when it is not pinned. */
  readonly pinnedAt?: number | undefined;
  /** Undefined when it is not archived. */
  readonly archivedAt?: number | undefined;
  readonly tags: readonly string[];
  /** What this chat sets for itself. */
  readonly settings?: ChatSettings | undefined;
  readonly forkedFrom?: ForkOrigin | undefined;
  /** When a field was last set, ms since the epoch; none: when the conversation began. See `setFields`. */
  readonly fieldTimes?: Readonly<Partial<Record<ConversationField, number>>>;
}

/** Where a fork began. The chat and its message may be gone. */
export interface ForkOrigin {
  readonly conversationId: string;
  readonly messageId: string;
  /** The title that the chat had then. */
  readonly title: string;
}

/**
 * A conversation is a tree: an edit or a second answer is a sibling, nothing is overwritten. Plain data; the functions
 * beside it take one and return a new one.
 */
export interface Conversation extends ConversationSummary {
  readonly messages: ReadonlyMap<string, Message>;
}
