import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import folderIcon from 'lucide-static/icons/folder.svg?raw';
import { projectOfChat } from '../../../session/state/chat-instructions.ts';
import type { SessionState } from '../../../session/state/session-state.ts';
import { baseStyles } from '../../base/base.styles.ts';
import { chipStyles } from '../../base/chip.styles.ts';
import { addIcons } from '../../base/icon.ts';
import { ProjectActionEvent } from '../../contract/project-events.ts';
import { customElement } from '../../lib/custom-element.ts';

addIcons({ folder: folderIcon });

/**
 * @summary Names the project of the chat above the composer. A click opens its page.
 * @event alcove-project-action
 */
@customElement('alcove-project-chip')
export class ProjectChip extends LitElement {
  static override readonly styles = [
    baseStyles,
    chipStyles,
    css`
      :host {
        display: flex;
      }
    `,
  ];

  @property({ attribute: false }) state: SessionState | undefined;

  override render(): TemplateResult | typeof nothing {
    const project = this.state && projectOfChat(this.state, this.state.chat);
    if (project === undefined) return nothing;
    return html`<button
      type="button"
      class="chip"
      title=${project.instructions}
      aria-label=${msg(str`Project: ${project.name}`)}
      @click=${() => this.dispatchEvent(new ProjectActionEvent('open', project.id))}
    >
      <alcove-icon name="folder"></alcove-icon><bdi>${project.name}</bdi>
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-project-chip': ProjectChip;
  }
}
