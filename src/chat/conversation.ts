import type { WireError } from '../platform/errors.ts';
import type { MessagePart } from './message-parts.ts';
import type { Reading } from './reading.ts';
import type { ChatSettings } from './settings/chat-settings.ts';

/** A stored message that is `streaming`, though no tab writes it, becomes `stopped` when its chat is opened. */
export type MessageStatus = 'complete' | 'streaming' | 'stopped' | 'failed';

/** A `summary` replaces the messages before it in the prompt; the other roles alternate as if it were not there. */
export type MessageRole = 'user' | 'assistant' | 'summary';

/** The engine's `Usage` for an answer. */
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
  /** In the order in which they were written; empty for an answer that has not started. See `textOf`. */
  readonly parts: readonly MessagePart[];
  readonly status: MessageStatus;
  /** ms since the epoch */
  readonly createdAt: number;
  /** The model that wrote it; undefined for a user's message. */
  readonly modelId?: string;
  readonly engine?: string;
  /** What the model ran on, in the engine's words. */
  readonly device?: string;
  /** The settings that were set when it was generated. */
  readonly settings?: ChatSettings;
  /** Names of those settings that the engine does not support. */
  readonly leftOut?: readonly string[];
  /** Estimate of the tokens that descriptions of tools took of the prompt. */
  readonly toolTokens?: number;
  /** What of documents was added to the prompt for it. Prompts of later turns repeat it. */
  readonly read?: Reading;
  readonly statistics?: MessageStatistics;
  /** Why it ended. `length`: the token limit cut the answer off. */
  readonly finishReason?: 'stop' | 'length' | 'tool-calls';
  /** Why it failed, for `failed`. */
  readonly error?: WireError;
  /** Of a `summary`: the last message that it sums up, on its own path. Default: its parent. */
  readonly throughId?: string;
  /** The sibling that the user edited to make this message. */
  readonly editedFrom?: string;
  /** When it was deleted with its descendants, ms since the epoch. It is deleted while this is later than `restoredAt`. */
  readonly deletedAt?: number;
  readonly restoredAt?: number;
  /** It was deleted, and its content was removed when that could no longer be undone. */
  readonly purged?: true;
  /**
   * How often the answer was started again because its engine was lost; default 0. Its content replaces that of the attempt
   * before it, which a sibling keeps.
   */
  readonly attempt?: number;
  /**
   * How a cut-off answer was continued: by the engine, seamlessly, or, where the engine cannot do that, by asking the model
   * to continue, so that the seam may show.
   */
  readonly continued?: 'seamlessly' | 'by-asking';
}

/** The fields of a conversation that are set as a whole, and that two tabs may set differently. */
export const CONVERSATION_FIELDS = [
  'title',
  'modelId',
  'activeLeafId',
  'pinnedAt',
  'archivedAt',
  'tags',
  'settings',
  'forkedFrom',
  'allowedTools',
  'comparison',
  'projectId',
] as const;

export type ConversationField = (typeof CONVERSATION_FIELDS)[number];

/** The fields of a conversation that the list of chats shows; they are stored apart from its messages. */
export interface ConversationSummary {
  readonly id: string;
  readonly title: string;
  /** True once the user has named it: no automatic title afterwards. */
  readonly titleIsSet: boolean;
  readonly createdAt: number;
  /** When the last message was added. */
  readonly updatedAt: number;
  readonly modelId: string | undefined;
  /** The last message of the shown path; undefined for an empty conversation. */
  readonly activeLeafId: string | undefined;
  readonly pinnedAt?: number | undefined;
  readonly archivedAt?: number | undefined;
  readonly tags: readonly string[];
  readonly settings?: ChatSettings | undefined;
  readonly forkedFrom?: ForkOrigin | undefined;
  readonly allowedTools?: readonly AllowedTool[] | undefined;
  /** Ids of the answers of several models to one message, of which the user has not chosen one yet. See `comparedAnswers`. */
  readonly comparison?: readonly string[] | undefined;
  /** The project that it belongs to; one that does not exist is none. */
  readonly projectId?: string | undefined;
  /** When a field was last set, ms since the epoch; a field that was never set has no time. See `setFields`. */
  readonly fieldTimes?: Readonly<Partial<Record<ConversationField, number>>>;
}

/** A tool whose calls the user always allows in a chat. It stays on the device: no file has it, and none can bring it in. */
export interface AllowedTool {
  readonly name: string;
  /** Of the page that offers it. */
  readonly origin: string;
  /** SHA-256 of its description and schema, lower-case hexadecimal: the user has allowed it as it was then. */
  readonly sha256: string;
}

/** What a fork was made from. That chat or message may be deleted. */
export interface ForkOrigin {
  readonly conversationId: string;
  readonly messageId: string;
  /** The title that the chat had then. */
  readonly title: string;
}

/**
 * A conversation is a tree: an edit or a second answer is a sibling, and nothing is overwritten. It is plain data; the
 * functions of this folder take one and return a new one.
 */
export interface Conversation extends ConversationSummary {
  readonly messages: ReadonlyMap<string, Message>;
}
