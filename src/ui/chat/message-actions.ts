import { type AlcoveError, isAbortError, toAlcoveError } from '../../platform/errors.ts';
import type { MessageActionEvent } from '../contract/events.ts';
import type { SessionLike } from '../contract/session-like.ts';

/** Does what is asked of a message. @returns why it could not be done; undefined when it was, or was cancelled */
export async function performMessageAction(
  session: SessionLike,
  { action, messageId, text }: MessageActionEvent,
): Promise<AlcoveError | undefined> {
  try {
    const dialogue = await session.openChatController();
    if (action === 'regenerate') await dialogue.regenerate(messageId);
    else if (action === 'continue') await dialogue.continueAnswer(messageId);
    else if (action === 'edit') await dialogue.edit(messageId, text);
    else if (action === 'delete') dialogue.delete(messageId);
    else if (action === 'fork') dialogue.fork(messageId);
    else if (action !== 'show-branches') dialogue.show(messageId);
    return undefined;
  } catch (error) {
    return isAbortError(error) ? undefined : toAlcoveError(error);
  }
}
