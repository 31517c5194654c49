import { fileNameFor } from '../../chat/formats/markdown.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { saveFile } from '../lib/save-file.ts';

/** Saves the open chat as a file that can be imported again. */
export async function saveOpenChat(session: SessionLike): Promise<void> {
  const { chat } = session.state;
  if (chat === undefined) return;
  saveFile(fileNameFor(chat.title, 'json'), await session.chats.transfer.exportChat(chat.id));
}
