import { msg, str } from '@lit/localize';
import { isAbortError, toAlcoveError } from '../../platform/errors.ts';
import { findModel } from '../../session/state/find-model.ts';
import type { ModelActionEvent } from '../contract/events.ts';
import type { SessionLike } from '../contract/session-like.ts';
import type { ActionResult } from '../errors/error-messages.ts';
import { formatBytes } from '../lib/format.ts';
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
      case 'delete':
        return await deleteModel(session, modelId);
      case 'verify':
        await session.models.verify(modelId);
        return { message: msg('All files are intact.') };
      case 'measure':
        await session.models.measureDevice();
        return {};
      case 'persist':
        return (await session.models.requestPersistence())
          ? { message: msg('The browser will now keep models and chats.') }
          : { message: msg('The browser declined. It often agrees once a site is installed or used more.') };
      default: {
        const { performSourceAction } = await import('./source-actions.ts');
        return await performSourceAction(session, action, modelId, event.watch);
      }
    }
  } catch (error) {
    return isAbortError(error) ? {} : { error: toAlcoveError(error) };
  }
}

async function deleteModel(session: SessionLike, modelId: string): Promise<ActionResult> {
  const weights = findModel(session.state, modelId)?.weights;
  await session.models.delete(modelId);
  const freedBytes = weights?.status === 'stored' ? weights.sizeBytes : 0;
  return {
    message: freedBytes === 0 ? msg('Deleted.') : msg(str`Deleted. This frees ${formatBytes(freedBytes)}.`),
  };
}
