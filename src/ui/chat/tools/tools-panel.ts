import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { OfferedTool, SessionState } from '../../../session/state/session-state.ts';
import { baseStyles } from '../../base/base.styles.ts';
import { panelStyles } from '../../base/panel.styles.ts';
import { textButton } from '../../base/text-button.ts';
import type { SessionLike } from '../../contract/session-like.ts';
import { customElement } from '../../lib/custom-element.ts';

/** @summary The panel of the tools that the model is offered: whose they are, and what the user has allowed in this chat. */
@customElement('alcove-tools-panel')
export class ToolsPanel extends LitElement {
  static override readonly styles = [
    baseStyles,
    panelStyles,
    css`
      ul {
        display: grid;
        gap: 12px;
      }

      li {
        display: grid;
        gap: 4px;
        padding: 12px 16px;
        border: 1px solid var(--_border);
        border-radius: var(--_radius);
      }

      h3 {
        font-family: var(--_font-mono);
        overflow-wrap: anywhere;
      }

      .description {
        max-block-size: 12em;
        overflow: auto;
        overflow-wrap: anywhere;
      }

      .allowed {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 4px 12px;
      }
    `,
  ];

  @property({ attribute: false }) session: SessionLike | undefined;

  /** Replaced with every change, which updates the panel. */
  @property({ attribute: false }) state: SessionState | undefined;

  override render(): TemplateResult | typeof nothing {
    const { state } = this;
    if (state === undefined) return nothing;
    if (state.tools.length === 0) return html`<p class="muted">${msg('This page offers no tools right now.')}</p>`;
    return html`<p class="muted small">
        ${msg(str`While it answers, the model may use these functions of the page ${location.host}. They can do what the page can do.`)}
      </p>
      <ul>
        ${state.tools.map((tool) => html`<li>${this.#renderTool(tool)}</li>`)}
      </ul>`;
  }

  #renderTool({ name, description, source, needsConfirmation }: OfferedTool): TemplateResult {
    const isAllowed = this.state?.chat?.allowedTools?.some((tool) => tool.name === name) === true;
    return html`<h3><bdi>${name}</bdi></h3>
      ${description === undefined ? nothing : html`<p class="description small" dir="auto">${description}</p>`}
      <p class="muted small">
        ${source === 'registered' ? msg('The page provides it for this chat.') : msg('The page offers it to any assistant.')}
        ${needsConfirmation ? nothing : msg('It runs without asking.')}
      </p>
      ${needsConfirmation ? this.#renderQuestion(name, isAllowed) : nothing}`;
  }

  #renderQuestion(name: string, isAllowed: boolean): TemplateResult {
    if (!isAllowed) return html`<p class="muted small">${msg('You are asked before each call.')}</p>`;
    return html`<div class="allowed small">
      <span>${msg('Always allowed in this chat')}</span>
      ${textButton(msg('Ask again'), () => void this.session?.generation.askAgain(name))}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-tools-panel': ToolsPanel;
  }
}
