import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { findModel } from '../../session/state/find-model.ts';
import type { SessionState } from '../../session/state/session-state.ts';
import { iconButton } from '../base/icon-button.ts';
import { type ChatOptions, chatSlot } from '../contract/chat-options.ts';
import type { Panel } from '../contract/events.ts';
import { remoteBadge } from '../privacy/remote-badge-lazy.ts';
import '../base/icon.ts';

export interface HeaderEvents {
  readonly onOpen: (panel: Panel) => void;
  readonly onChooseModel: () => void;
}

/**
 * The heading and the buttons above the conversation. Those of models and settings wait for the models, and where answers
 * are computed is said only once it is known (chat-frame.styles.ts).
 */
export function chatHeader(
  state: SessionState,
  options: ChatOptions,
  { onOpen, onChooseModel }: HeaderEvents,
): TemplateResult {
  const entry = findModel(state, state.selectedModelId);
  const badge = remoteBadge(state.selectedModelId, 'header');
  // While the session starts, a model on a custom server may still be selected.
  const isKnown = state.selectedModelId !== undefined || state.start !== 'starting';
  const { heading, hasPastChats, onClose } = options;
  return html`${chatSlot(options, 'header')}${hasPastChats ? iconButton('menu', msg('Past chats'), () => onOpen('chats'), { classes: 'chats', part: 'past-chats' }) : nothing}${heading ? html`<span class="heading" part="heading" dir="auto">${heading}</span>` : nothing}<button
      type="button"
      class="button quiet model"
      part="model"
      title=${msg('Choose a model')}
      aria-haspopup="dialog"
      @click=${onChooseModel}
    >
      <bdi>${entry?.record.name ?? msg('Models')}</bdi><alcove-icon name="chevron-down"></alcove-icon>
    </button>
    <button
      type="button"
      class=${isKnown ? 'button quiet device' : 'button quiet device unknown'}
      part="privacy"
      title=${msg('Requests from this page')}
      @click=${() => onOpen('ledger')}
    >
      ${
        badge === nothing
          ? html`<alcove-icon name="shield"></alcove-icon><span class="label">${msg('On this device')}</span>`
          : badge
      }
    </button>
    ${iconButton('sliders', msg('This chat'), () => onOpen('chat'), {
      classes: 'settings',
      part: 'settings',
      title: msg('Settings of this chat, and saving it'),
    })}
    ${onClose === undefined ? nothing : iconButton('close', msg('Close'), onClose, { classes: 'close', part: 'close' })}`;
}
