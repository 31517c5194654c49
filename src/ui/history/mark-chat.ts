import type { SessionLike } from '../contract/session-like.ts';
import type { ChatAction } from './chat-action-event.ts';

/** Pins, archives or tags a chat; tags stand between commas, of whatever script. @throws AlcoveError those of the store */
export async function markChat({ marks }: SessionLike, action: ChatAction, id: string, words: string): Promise<void> {
  if (action === 'tag') await marks.tag(id, words.split(/[,，、،]/));
  else if (action === 'pin' || action === 'unpin') await marks.pin(id, action === 'pin');
  else await marks.archive(id, action === 'archive');
}
