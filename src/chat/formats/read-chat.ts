import { type Fields, fieldsOf, textField } from '../../platform/untrusted-json.ts';
import type { Conversation } from '../conversation.ts';
import { readAlcoveChat } from './alcove-chats.ts';
import { type Assembled, assemble, type Mended } from './assemble.ts';
import { readChatGpt } from './chatgpt.ts';
import type { ChatSource, DraftChat } from './draft-chat.ts';
import { readOpenWebUi } from './open-webui.ts';
import { readWebLlmChat } from './web-llm-chat.ts';

/** Why a chat of a file was not imported. */
export type UnreadReason = 'not-json' | 'not-a-chat' | 'too-large' | 'too-deep' | 'empty' | 'too-many-messages';

export type ReadChat =
  | {
      readonly ok: true;
      readonly source: ChatSource;
      readonly conversation: Conversation;
      readonly mended: Mended;
      readonly missingFiles: number;
      readonly unreadMessages: number;
    }
  | { readonly ok: false; readonly reason: UnreadReason; readonly title: string };

/** Reads the text of one chat in any of the known formats. Never throws. */
export function readChatText(text: string, newId: () => string, now: number): ReadChat {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, reason: 'not-json', title: '' };
  }
  return readChat(value, newId, now);
}

export function readChat(value: unknown, newId: () => string, now: number): ReadChat {
  const fields = fieldsOf(value);
  const title = (textField(value, 'title') ?? '').slice(0, 80);
  const draft = fields === undefined ? undefined : readDraft(fields);
  if (draft === undefined) return { ok: false, reason: 'not-a-chat', title };
  const assembled: Assembled = assemble(draft, newId, now);
  if (!assembled.ok) return { ok: false, reason: assembled.reason, title };
  const { source, missingFiles, unreadMessages } = draft;
  return { ...assembled, source, missingFiles, unreadMessages };
}

/** Each format has a field that the others lack; a plain list of messages is the last guess. */
function readDraft(fields: Fields): DraftChat | undefined {
  return readChatGpt(fields) ?? readOpenWebUi(fields) ?? readAlcoveChat(fields) ?? readWebLlmChat(fields);
}
