/** The types of what `<alcove-chat>` takes and gives; its events are in events.ts. */
import type { EngineId } from '../models/model-record.ts';
import type { ErrorCode, ErrorData } from '../platform/errors.ts';
import type { ChatToolCall } from './tools/tool-types.ts';

/** A message as the host page sees it. */
export interface ChatMessage {
  readonly id: string;
  readonly role: 'user' | 'assistant';
  /** The text as it was typed or generated: Markdown, not HTML. */
  readonly content: string;
  /** What the model thought before it answered. */
  readonly reasoning?: string;
  /** The tools that the model has called, in the order of the calls. */
  readonly toolCalls?: readonly ChatToolCall[];
  /** `stopped`: by the user or the page; its text so far is kept. */
  readonly status: 'complete' | 'streaming' | 'stopped' | 'failed';
  /** ms since the epoch */
  readonly createdAt: number;
  /** Id of the model that wrote it. */
  readonly modelId?: string;
  /** Why it failed, for `failed`. */
  readonly error?: { readonly code: ErrorCode; readonly data: ErrorData };
}

/** A message that the host page gives. `system` may come first, once: instructions for this chat alone. */
export interface ChatMessageInput {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** A chat in the list of past chats. */
export interface ChatSummary {
  readonly id: string;
  readonly title: string;
  /** ms since the epoch */
  readonly createdAt: number;
  /** When the last message was added, ms since the epoch. */
  readonly updatedAt: number;
}

/** The past chats of an element, within its `history`. */
export interface PastChats {
  /** Newest first. */
  list(): Promise<readonly ChatSummary[]>;
  /** Shows a chat. Rejects with `record-broken` if it does not exist or cannot be read. */
  open(id: string): Promise<void>;
  /** Deletes a chat for good, and ends its answer. */
  delete(id: string): Promise<void>;
}

export interface SendOptions {
  /** Stops the answer; its text so far is kept. */
  readonly signal?: AbortSignal;
}

export interface ExportOptions {
  /** `json` can be imported again and has all branches; `markdown` is the shown conversation as text. Default `json`. */
  readonly format?: 'json' | 'markdown';
  /** All chats within `history`, as `json`, not the open one alone. */
  readonly all?: boolean;
}

/** What an import has done. */
export interface ImportResult {
  readonly added: number;
  /** Chats that were there and got new messages. */
  readonly merged: number;
  /** Chats that were there with all messages. */
  readonly known: number;
  /** Chats of the file that could not be read. */
  readonly unread: number;
}

/** The properties of `<alcove-chat>` that an attribute sets as well. */
export interface AlcoveChatProperties {
  hub?: string | undefined;
  model?: string | undefined;
  models?: readonly string[] | undefined;
  catalogue?: string | undefined;
  engine?: EngineId | undefined;
  instructions?: string | undefined;
  context?: string | undefined;
  contextSelector?: string | undefined;
  heading?: string | undefined;
  greeting?: string | undefined;
  starters?: readonly string[] | undefined;
  placeholder?: string | undefined;
  history?: string | undefined;
  storage?: 'kept' | 'memory' | undefined;
  enterKey?: 'auto' | 'send' | 'newline' | undefined;
  theme?: 'auto' | 'light' | 'dark' | undefined;
  layout?: 'full' | 'panel' | 'bubble' | undefined;
  name?: string | undefined;
  formValue?: 'answer' | 'conversation' | undefined;
  autoLoad?: boolean;
  usePageTools?: boolean;
  attachments?: boolean;
  disabled?: boolean;
  readonly?: boolean;
}
