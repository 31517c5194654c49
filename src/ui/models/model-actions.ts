import { isAbortError, toAlcoveError } from '../../platform/errors.ts';
import type { ModelActionEvent } from '../contract/events.ts';
import type { SessionLike } from '../contract/session-like.ts';
import type { ActionResult } from '../errors/error-messages.ts';
import { selectedEntry } from './model-labels.ts';

/** Performs an action on a model, unless the event's default was prevented or another listener performs it. */
export async function performModelAction(session: SessionLike, event: ModelActionEvent): Promise<ActionResult> {
  if (event.defaultPrevented) return {};
  event.preventDefault();
  const { action, modelId } = event;
  try {
    switch (action) {
      case 'select':
        session.models.select(modelId);
        return {};
      case 'chat':
        session.models.select(modelId);
        session.chats.new();
        return {};
      case 'download':
        // A user who has a stored model keeps chatting with it during the download.
        if (selectedEntry(session.state)?.weights.status !== 'stored') session.models.select(modelId);
        await session.models.download(modelId);
        return {};
      case 'pause':
        await session.models.pause(modelId);
        return {};
      case 'cancel':
        await session.models.cancel(modelId);
        return {};
      default: {
        const { performLaterAction } = await import('./source-actions.ts');
        return await performLaterAction(session, action, modelId, event.details);
      }
    }
  } catch (error) {
    return isAbortError(error) ? {} : { error: toAlcoveError(error) };
  }
}
