import { msg, str } from '@lit/localize';
import type { ModelRecord } from '../../models/model-record.ts';
import { AlcoveError } from '../../platform/errors.ts';
import { recordJson, shareLink } from '../../session/models/add/share-link.ts';
import type { PickedFile } from '../../session/models/custom-models.ts';
import { findModel } from '../../session/state/find-model.ts';
import { archiveOf } from '../../storage/weights/model-archive.ts';
import type { ModelActionDetails, SourceAction, WriteWatch } from '../contract/events.ts';
import type { SessionLike } from '../contract/session-like.ts';
import type { ActionResult } from '../errors/error-messages.ts';
import { formatBytes } from '../lib/format.ts';
import { pickFiles } from '../lib/pick-files.ts';
import { saveFile, saveFolder } from '../lib/save-files.ts';

/** Lets the user pick the files of a model. @throws AbortError */
export function pickModelFiles(): Promise<readonly PickedFile[]> {
  return pickFiles();
}

/** What the first view does not offer: what is done with stored models, and with a model's files or record. */
type LaterAction = SourceAction | 'delete' | 'verify' | 'measure' | 'persist' | 'set-context-window';

/** Performs an action. @throws AlcoveError, AbortError */
export async function performLaterAction(
  session: SessionLike,
  action: LaterAction,
  modelId: string,
  { watch, contextWindow }: ModelActionDetails,
): Promise<ActionResult> {
  switch (action) {
    case 'set-context-window':
      await session.models.setContextWindow(modelId, contextWindow);
      return {};
    case 'delete':
      return deleteModel(session, modelId);
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
    default:
      return performSourceAction(session, action, modelId, watch);
  }
}

async function performSourceAction(
  session: SessionLike,
  action: SourceAction,
  modelId: string,
  watch?: WriteWatch,
): Promise<ActionResult> {
  const entry = findModel(session.state, modelId);
  if (entry === undefined) throw new AlcoveError('model-unknown', `no model is called ${modelId}`);
  const { record, weights } = entry;
  const { custom } = session.models;
  switch (action) {
    case 'reopen': {
      const isGone = weights.status === 'closed' && !canAskAgain(weights.error);
      await custom.reopen(modelId, isGone ? await pickFiles() : undefined);
      return {};
    }
    case 'copy':
      if (weights.status === 'closed') await custom.reopen(modelId, await pickFiles());
      await custom.copyToStore(modelId);
      return {};
    case 'export': {
      const name = `${fileName(record)}.alcove.tar`;
      const isWritten = await saveFile(name, async () => archiveOf(await custom.archive(modelId)), watch);
      return { message: isWritten ? msg('Saved.') : msg('The browser is saving the file.') };
    }
    case 'export-folder':
      await saveFolder(fileName(record), () => custom.archive(modelId), watch);
      return { message: msg('Saved.') };
    case 'save-record':
      await saveFile(
        `${fileName(record)}.json`,
        async () => new Blob([recordJson(record)], { type: 'application/json' }),
      );
      return {};
    case 'share': {
      const link = shareLink(record, location.href);
      if (link === undefined) return { message: msg('A file on your disk cannot be shared as a link.') };
      await navigator.clipboard.writeText(link);
      return {
        message: msg('The link is in the clipboard. It carries the description of the model, not its weights.'),
      };
    }
    case 'remove':
      // Also unloads the model, if it is loaded in this tab.
      await session.models.delete(modelId);
      await custom.remove(modelId);
      return { message: msg('Removed from the list.') };
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

/** Whether the browser may let the file be read. After a refusal it does not ask again for a while. */
function canAskAgain({ code, data }: AlcoveError): boolean {
  return code === 'file-permission' && data['isRefused'] !== true;
}

/** A name that every file system accepts. */
function fileName({ name, quantization }: ModelRecord): string {
  const plain = `${name}-${quantization}`.replace(/[^\p{L}\p{N}.-]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '');
  return plain.slice(0, 80) || 'model';
}
