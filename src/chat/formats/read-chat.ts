import { type Fields, fieldsOf, textField } from '../../platform/untrusted-json.ts';
import type { Conversation } from '../conversation.ts';
import { readAlcoveChat } from './alcove-chats.ts';
import { type Assembled, assemble, type Mended } from './assemble.ts';
import { readChatGpt } from './chatgpt.ts';
import { readClaude } from './claude.ts';
import type { ChatSource, DraftChat } from './draft-chat.ts';
import { missingFilesIn } from './draft-parts.ts';
import { type FileBytes, readFileBytes } from './file-bytes.ts';
import { readLibreChat } from './librechat.ts';
import { readLlamaCpp } from './llama-cpp.ts';
import { readLmStudio } from './lm-studio.ts';
import { readMessageList } from './message-list.ts';
import { nextChatSessions, readNextChat } from './nextchat.ts';
import { readOpenWebUi } from './open-webui.ts';

/** Why a chat of a file was not imported. */
export type UnreadReason = 'not-json' | 'not-a-chat' | 'too-large' | 'too-deep' | 'empty' | 'too-many-messages';

export type ReadChat =
  | {
      readonly ok: true;
      readonly source: ChatSource;
      readonly conversation: Conversation;
      readonly mended: Mended;
      /** Files that the chat refers to without naming their bytes. */
      readonly missingFiles: number;
      readonly files: readonly FileBytes[];
      readonly unreadMessages: number;
    }
  | { readonly ok: false; readonly reason: UnreadReason; readonly title: string };

/** Reads the text of one chat in any of the known formats, or of several that one value holds. Never throws. */
export function readChatText(text: string, newId: () => string, now: number): ReadChat[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [{ ok: false, reason: 'not-json', title: '' }];
  }
  const fields = fieldsOf(value);
  const chats = (fields === undefined ? undefined : nextChatSessions(fields)) ?? [value];
  return chats.map((chat) => readChat(chat, newId, now));
}

export function readChat(value: unknown, newId: () => string, now: number): ReadChat {
  const fields = fieldsOf(value);
  const title = (textField(value, 'title') ?? textField(value, 'name') ?? '').slice(0, 80);
  const draft = fields === undefined ? undefined : readDraft(fields);
  if (draft === undefined) return { ok: false, reason: 'not-a-chat', title };
  const files = fields === undefined ? [] : readFileBytes(fields);
  const assembled: Assembled = assemble(draft, newId, now);
  if (!assembled.ok) return { ok: false, reason: assembled.reason, title };
  const { source, unreadMessages } = draft;
  return { ...assembled, source, missingFiles: missingFilesIn(draft.nodes), files, unreadMessages };
}

/** Each reader knows its format by members that the others lack. What no reader knows is refused, never guessed. */
const READERS: readonly ((fields: Fields) => DraftChat | undefined)[] = [
  readChatGpt,
  readOpenWebUi,
  readClaude,
  readLlamaCpp,
  readLmStudio,
  readLibreChat,
  readNextChat,
  readAlcoveChat,
  readMessageList,
];

function readDraft(fields: Fields): DraftChat | undefined {
  for (const read of READERS) {
    const draft = read(fields);
    if (draft !== undefined) return draft;
  }
  return undefined;
}
