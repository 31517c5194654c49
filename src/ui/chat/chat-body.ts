import { msg } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import type { SessionState } from '../../session/state/session-state.ts';
import { hasStoredModels } from '../../storage/weights/stored-model-ids.ts';
import { lazyElement } from '../base/lazy-element.ts';
import { type ChatOptions, chatSlot } from '../contract/chat-options.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { isFirstRun, selectedEntry } from '../models/model-labels.ts';
import { emptyChat } from './empty-chat.ts';
import '../models/first-run.ts';

export interface BodyContext {
  readonly session: SessionLike;
  /** Another chat is being read, to be shown. */
  readonly isOpening: boolean;
  readonly isReadonly: boolean;
  readonly offersPersonas: boolean;
  /** Sends a starter of the page or a phrase of the toy. */
  readonly send: (starter: string) => void;
}

/** What is between the header and the composer: the conversation, or what stands there before it. */
export function chatBody(
  state: SessionState,
  options: ChatOptions,
  { session, isOpening, isReadonly, offersPersonas, send }: BodyContext,
): TemplateResult {
  if (isOpening || (state.start === 'starting' && hasStoredModels()))
    return html`<p class="visually-hidden">${msg('Opening')}</p>`;
  if (state.start === 'failed') {
    return html`<div class="empty"><alcove-notice .error=${state.startError}></alcove-notice></div>`;
  }
  if (state.chat?.activeLeafId !== undefined) {
    return html`<alcove-conversation
      ${lazyElement(() => import('./conversation-view.ts'))}
      class="messages"
      exportparts="message, user, assistant, markdown, statistics"
      .state=${state}
      .documents=${session.chats.documents}
      .files=${session.chats.files}
      ?readonly=${isReadonly}
      >${chatSlot(options, 'message-actions', { into: 'message-actions' })}</alcove-conversation
    >`;
  }
  if (isFirstRun(state)) {
    return html`<alcove-first-run exportparts="card, first-run" .state=${state}></alcove-first-run>`;
  }
  return emptyChat(
    selectedEntry(state)?.record,
    isReadonly ? { ...options, starters: [] } : options,
    send,
    offersPersonas ? session : undefined,
  );
}
