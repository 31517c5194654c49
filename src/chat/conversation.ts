import type { WireError } from '../errors.ts';

/**
 * Where a message stands. `streaming` is only ever true in memory and in a store that was closed in the middle; what
 * is found so at the next start becomes `stopped`.
 */
export type MessageStatus = 'complete' | 'streaming' | 'stopped' | 'failed';

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
  readonly role: 'user' | 'assistant';
  readonly text: string;
  /** The model's thinking, kept apart from its answer. */
  readonly reasoning?: string;
  readonly status: MessageStatus;
  /** ms since the epoch */
  readonly createdAt: number;
  /** The model that wrote it; undefined for a user's. */
  readonly modelId?: string;
  readonly statistics?: MessageStatistics;
  /** Why it failed, for `failed`. */
  readonly error?: WireError;
}

/**
 * A conversation is a tree: an edit or a second answer is a sibling, nothing is overwritten. Plain data; the functions
 * beside it take one and return a new one.
 */
export interface Conversation {
  readonly id: string;
  readonly title: string;
  /** True once the user has named it: no automatic title afterwards. */
  readonly titleIsSet: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly modelId: string | undefined;
  readonly messages: ReadonlyMap<string, Message>;
  /** The leaf of the path that is shown; undefined for an empty conversation. */
  readonly activeLeafId: string | undefined;
}

/** What the list of chats shows, readable without a conversation's messages. */
export interface ConversationSummary {
  readonly id: string;
  readonly title: string;
  readonly titleIsSet: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly modelId: string | undefined;
  readonly activeLeafId: string | undefined;
}
