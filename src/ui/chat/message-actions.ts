import { type AlcoveError, isAbortError, toAlcoveError } from '../../platform/errors.ts';
import type { MessageActionEvent } from '../contract/events.ts';
import type { SessionLike } from '../contract/session-like.ts';

/** Performs an action on a message. @returns why it failed; undefined when it succeeded or was cancelled */
export async function performMessageAction(
  session: SessionLike,
  { action, messageId, text }: Pick<MessageActionEvent, 'action' | 'messageId' | 'text'>,
): Promise<AlcoveError | undefined> {
  try {
    const { generation, backends } = session;
    if (action === 'regenerate') await generation.regenerate(messageId);
    else if (action === 'continue') await generation.continue(messageId);
    else if (action === 'edit') await generation.edit(messageId, text);
    else if (action === 'delete') await generation.deleteMessage(messageId);
    else if (action === 'fork') await generation.fork(messageId);
    else if (action === 'skip-test') await backends.skipTest();
    else if (action === 'keep') await generation.keep(messageId);
    else if (action === 'stop') await generation.stop(undefined, messageId);
    else if (action !== 'show-branches') await generation.selectBranch(messageId);
    return undefined;
  } catch (error) {
    return isAbortError(error) ? undefined : toAlcoveError(error);
  }
}
