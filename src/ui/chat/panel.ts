import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { passagesRead } from '../../chat/prompt/read-passages.ts';
import { activePath } from '../../chat/tree.ts';
import { serverHost } from '../../models/catalogue/server-host.ts';
import { iconButton } from '../base/icon-button.ts';
import type { Panel, ReadingSubject } from '../contract/events.ts';
import type { SessionLike } from '../contract/session-like.ts';
import type { ActionResult } from '../errors/error-messages.ts';
import { pressedKey } from '../lib/pressed-key.ts';

const PANELS: Readonly<Record<Panel, { readonly title: () => string; readonly load: () => Promise<unknown> }>> = {
  models: { title: () => msg('Models'), load: () => import('../models/menu/choose-model.ts') },
  ledger: { title: () => msg('On this device'), load: () => import('./device-panel.ts') },
  chat: { title: () => msg('This chat'), load: () => import('./chat-panel.ts') },
  chats: { title: () => msg('Past chats'), load: () => import('./past-chats.ts') },
  branches: { title: () => msg('Branches'), load: () => import('./branches-panel.ts') },
  tools: { title: () => msg('Tools'), load: () => import('./tools/tool-views.ts') },
  reading: { title: () => msg('What was read'), load: () => import('./documents/document-views.ts') },
  compare: { title: () => msg('Compare models'), load: () => import('./compare/compare-views.ts') },
};

/** Loads the code of a panel, which the first view does not need. */
export async function loadPanel(panel: Panel): Promise<void> {
  await PANELS[panel].load();
}

/** A panel over the conversation. Call `loadPanel` first. @param result of the last action in the panel */
export function panelView(
  panel: Panel,
  session: SessionLike,
  { error, message }: ActionResult,
  onClose: () => void,
  subject?: ReadingSubject,
): TemplateResult {
  const leavesDevice = panel === 'ledger' && serverHost(session.state.selectedModelId) !== undefined;
  const title = leavesDevice ? msg('On your server') : PANELS[panel].title();
  const onKeyDown = (event: KeyboardEvent): void => {
    if (pressedKey(event) !== 'Escape' || event.defaultPrevented) return;
    // Else Escape would also close a dialog of the host page around the chat.
    event.preventDefault();
    event.stopPropagation();
    onClose();
  };
  // Its header is no banner: beside the chat the page has one already.
  return html`<section class="panel" part="panel" role="dialog" aria-label=${title} @keydown=${onKeyDown}>
    <header role="none">
      <h2>${title}</h2>
      ${iconButton('close', msg('Close'), onClose)}
    </header>
    <div class="scroller">
      <div class="column">
        ${
          error === undefined
            ? nothing
            : html`<alcove-notice class="result" .error=${error} without-action></alcove-notice>`
        }
        ${message === undefined ? nothing : html`<p class="result" role="status">${message}</p>`}
        ${contents(panel, session, subject)}
      </div>
    </div>
  </section>`;
}

function contents(panel: Panel, session: SessionLike, subject: ReadingSubject | undefined): TemplateResult {
  const { state } = session;
  switch (panel) {
    case 'models':
      return html`<alcove-model-list exportparts="card" .state=${state}></alcove-model-list>`;
    case 'ledger':
      return html`<alcove-device-panel .session=${session} .state=${state}></alcove-device-panel>`;
    case 'branches':
      return html`<alcove-branches .chat=${state.chat}></alcove-branches>`;
    case 'chats':
      return html`<alcove-past-chats .session=${session}></alcove-past-chats>`;
    case 'tools':
      return html`<alcove-tools-panel .session=${session} .state=${state}></alcove-tools-panel>`;
    case 'compare':
      return html`<alcove-compare-panel .session=${session} .state=${state}></alcove-compare-panel>`;
    case 'reading':
      return html`<alcove-reading-panel
        .documents=${session.chats.documents}
        .passages=${subject?.passages ?? (state.chat === undefined ? [] : passagesRead(activePath(state.chat)))}
        .number=${subject?.number}
      ></alcove-reading-panel>`;
    case 'chat':
      return html`<alcove-chat-panel .session=${session}></alcove-chat-panel>`;
  }
}
