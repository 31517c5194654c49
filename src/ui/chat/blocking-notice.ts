import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { AlcoveError } from '../../platform/errors.ts';
import type { SessionState } from '../../session/state/session-state.ts';
import { iconButton } from '../base/icon-button.ts';
import { lazyElement } from '../base/lazy-element.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { isFirstRun, selectedEntry } from '../models/model-labels.ts';

export interface BlockingNoticeActions {
  readonly dismissMemory: () => void;
  readonly saveChat: () => void;
  readonly session: SessionLike;
}

/**
 * The notice above the composer about what blocks the next message. It shows one thing at a time: another tab that does
 * not answer, a change of the backend, a model that is not downloaded, a model that failed or was lost, chats that are not saved.
 * @param hasDismissedMemory the user has dismissed the notice that chats last only as long as the tab
 */
export function blockingNotice(
  state: SessionState,
  hasDismissedMemory: boolean,
  { dismissMemory, saveChat, session }: BlockingNoticeActions,
): TemplateResult | typeof nothing {
  if (state.start !== 'ready') return nothing;
  const { question, change, otherTab } = state.runtime;
  if (question !== undefined || change !== undefined || otherTab !== undefined) {
    return html`<alcove-backend-notice
      ${lazyElement(() => import('../models/backend-notice.ts'))}
      .session=${session}
      .state=${state}
    ></alcove-backend-notice>`;
  }
  const entry = selectedEntry(state);
  const { engine, storage, generation } = state;
  const isOnPage = isFirstRun(state) && state.chat?.activeLeafId === undefined;
  if (entry !== undefined && entry.weights.status !== 'stored' && !isOnPage) {
    return html`<section aria-label=${msg('Download')}>
      <h2>${entry.record.name}</h2>
      <alcove-download ${lazyElement(() => import('../models/download-progress.ts'))} .entry=${entry}></alcove-download>
    </section>`;
  }
  const isIdle = generation.status === 'idle';
  if (isIdle && engine.status === 'failed' && !isShownInChat(state, engine.error)) {
    return html`<alcove-notice .error=${engine.error}></alcove-notice>`;
  }
  if (isIdle && engine.status === 'lost' && !isShownInChat(state, engine.error)) {
    return html`<alcove-notice tone="warning" .error=${engine.error} without-action></alcove-notice>`;
  }
  if (storage.saveError !== undefined) {
    return html`<alcove-notice tone="warning" .error=${storage.saveError}>
      ${
        state.chat === undefined
          ? nothing
          : html`<p>${msg('What you see here is not saved yet. It stays on the screen, and is saved as soon as possible.')}</p>
            <button type="button" class="button" @click=${saveChat}>${msg('Save this chat as a file')}</button>`
      }
    </alcove-notice>`;
  }
  if (storage.chats !== 'memory' || hasDismissedMemory) return nothing;
  return html`<div class="dismissable">
    <alcove-notice tone="warning" .error=${{ code: 'storage-unavailable', data: {} }}></alcove-notice>
    ${iconButton('close', msg('Got it'), dismissMemory)}
  </div>`;
}

/** Whether the last answer shows the same error. */
function isShownInChat({ chat }: SessionState, error: AlcoveError): boolean {
  const last = chat?.activeLeafId === undefined ? undefined : chat.messages.get(chat.activeLeafId);
  return last?.status === 'failed' && last.error?.code === error.code;
}
