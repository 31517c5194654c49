import type { Conversation, Message } from '../conversation.ts';
import type { ChatSettings } from '../settings/chat-settings.ts';

/** A node of a chat as a file holds it: links may be broken, ids used twice, parents in a circle. */
export interface DraftNode {
  readonly id: string;
  readonly parentId: string | undefined;
  /** Undefined for a node without content; its children take its place. */
  readonly message: DraftMessage | undefined;
}

/** `createdAt` is undefined where the file does not say when. */
export type DraftMessage = Omit<Message, 'id' | 'parentId' | 'createdAt'> & { readonly createdAt: number | undefined };

/** One chat as the code that reads a format returns it; `assemble` makes a sound tree of it. */
export interface DraftChat {
  readonly source: ChatSource;
  readonly id: string | undefined;
  readonly title: string;
  readonly titleIsSet: boolean;
  readonly createdAt: number | undefined;
  readonly updatedAt: number | undefined;
  readonly modelId: string | undefined;
  readonly settings: ChatSettings | undefined;
  /** Further fields that Alcove's own format has, and other formats have in part. */
  readonly kept?: Partial<
    Pick<Conversation, 'pinnedAt' | 'archivedAt' | 'tags' | 'forkedFrom' | 'projectId' | 'fieldTimes'>
  >;
  /** In the order of the file, which is the order of siblings. */
  readonly nodes: readonly DraftNode[];
  /** The node that was shown last. */
  readonly activeId: string | undefined;
  /** Messages that could not be read, or not completely. */
  readonly unreadMessages: number;
}

export type ChatSource =
  | 'alcove'
  | 'chatgpt'
  | 'claude'
  | 'librechat'
  | 'llama-cpp'
  | 'lm-studio'
  | 'nextchat'
  | 'open-webui'
  | 'web-llm-chat'
  /** A plain list of messages, which several programs write. */
  | 'messages';
