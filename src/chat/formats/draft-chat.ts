import type { Conversation, Message } from '../conversation.ts';
import type { ChatSettings } from '../settings/chat-settings.ts';

/** A node of a chat as a file has it: its links may be broken, its ids taken twice, its parents in a circle. */
export interface DraftNode {
  readonly id: string;
  readonly parentId: string | undefined;
  /** Undefined for a node that holds nothing to show; its children take its place. */
  readonly message: DraftMessage | undefined;
}

/** `createdAt` is undefined where the file does not say when. */
export type DraftMessage = Omit<Message, 'id' | 'parentId' | 'createdAt'> & { readonly createdAt: number | undefined };

/** What a reader of a format makes of one chat; `assemble` makes a sound tree of it. */
export interface DraftChat {
  readonly source: ChatSource;
  readonly id: string | undefined;
  readonly title: string;
  readonly titleIsSet: boolean;
  readonly createdAt: number | undefined;
  readonly updatedAt: number | undefined;
  readonly modelId: string | undefined;
  readonly settings: ChatSettings | undefined;
  /** What else Alcove's own format, or one that knows the like, says of the chat. */
  readonly kept?: Partial<Pick<Conversation, 'pinnedAt' | 'archivedAt' | 'tags' | 'forkedFrom' | 'fieldTimes'>>;
  /** In the order of the file; siblings stand in it. */
  readonly nodes: readonly DraftNode[];
  /** The node that was shown last. */
  readonly activeId: string | undefined;
  /** Pictures, sounds and files that the chat names and the file does not hold. */
  readonly missingFiles: number;
  /** Messages that could not be read. */
  readonly unreadMessages: number;
}

/** Which program wrote a chat. */
export type ChatSource = 'alcove' | 'chatgpt' | 'open-webui' | 'web-llm-chat';
