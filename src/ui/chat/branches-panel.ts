import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { Conversation, Message } from '../../chat/conversation.ts';
import { outline, type Stretch } from '../../chat/outline.ts';
import { titleOf } from '../../chat/title.ts';
import { baseStyles } from '../base/base.styles.ts';
import { MessageActionEvent } from '../contract/events.ts';
import { customElement } from '../lib/custom-element.ts';
import { plural } from '../lib/plural.ts';

/** Forks beyond this depth are not indented further. */
const DEEPEST_INDENT = 3;

/**
 * @summary Lists the branches of a chat, each after the one that it forks from. A click shows the branch.
 * @event alcove-message-action `select-branch`
 */
@customElement('alcove-branches')
export class BranchesPanel extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      p {
        margin-block-end: 16px;
        color: var(--_text-muted);
        font-size: var(--_text-s);
      }

      li[data-depth='1'] {
        padding-inline-start: 20px;
      }

      li[data-depth='2'] {
        padding-inline-start: 40px;
      }

      li[data-depth='3'] {
        padding-inline-start: 60px;
      }

      button {
        display: grid;
        gap: 2px;
        inline-size: 100%;
        margin-block-end: 6px;
        padding: 10px 14px;
        border: 1px solid var(--_border);
        border-radius: var(--_radius);
        background: none;
        font-size: var(--_text-s);
        line-height: 1.4;
        text-align: start;
        cursor: pointer;
      }

      button:hover {
        background: var(--_hover);
      }

      button[aria-current] {
        border-color: var(--_accent);
        background: var(--_accent-soft);
      }

      bdi {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      small {
        color: var(--_text-muted);
        font-size: var(--_text-xs);
      }
    `,
  ];

  @property({ attribute: false }) chat: Conversation | undefined;

  override render(): TemplateResult | typeof nothing {
    if (this.chat === undefined) return nothing;
    return html`<p>${msg('Each edit and each further answer started a branch. Choose one to read it to its latest message.')}</p>
      <ul>
        ${outline(this.chat).map((stretch) => this.#renderStretch(stretch))}
      </ul>`;
  }

  #renderStretch({ first, messageCount, depth, isShown }: Stretch): TemplateResult {
    return html`<li data-depth=${Math.min(depth, DEEPEST_INDENT)}>
      <button
        type="button"
        aria-current=${isShown ? 'true' : nothing}
        @click=${() => this.dispatchEvent(new MessageActionEvent('select-branch', first.id))}
      >
        <bdi>${titleOf(first) || msg('Empty message')}</bdi>
        <small>${whose(first)} · ${plural(messageCount, msg('one: # message | other: # messages'))}${
          isShown ? html` · ${msg('shown')}` : nothing
        }</small>
      </button>
    </li>`;
  }
}

function whose({ role, editedFrom }: Message): string {
  if (role === 'user') return editedFrom === undefined ? msg('Your question') : msg('Your edited question');
  if (role === 'summary') return msg('Summary');
  return editedFrom === undefined ? msg('Answer') : msg('Edited answer');
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-branches': BranchesPanel;
  }
}
