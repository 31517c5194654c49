import { msg, str } from '@lit/localize';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { version } from '../../../package.json';
import { baseStyles } from '../base/base.styles.ts';
import { panelStyles } from '../base/panel.styles.ts';
import { quietButton, textButton } from '../base/text-button.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { customElement } from '../lib/custom-element.ts';
import { problemReport } from './problem-report.ts';

/** The papers that tools/build.ts puts beside the app's page. */
const PAPERS: readonly (readonly [file: string, title: () => string])[] = [
  ['LICENSE', () => msg('Licence: MIT')],
  ['THIRD-PARTY-NOTICES.md', () => msg('Licences of included software')],
];

/**
 * @summary The app's version, help and licences, and where it stores what.
 * @event alcove-show-shortcuts The user wants to see the list of keyboard shortcuts.
 */
@customElement('alcove-about')
export class AboutSection extends LitElement {
  static override readonly styles = [
    baseStyles,
    panelStyles,
    css`
      dl {
        display: grid;
        gap: 12px;
      }

      dt {
        font-size: var(--_text-s);
        font-weight: 650;
      }

      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 20px;
        font-size: var(--_text-s);
      }

      a {
        display: inline-block;
        padding-block: 8px;
      }
    `,
  ];

  @property({ attribute: false }) session: SessionLike | undefined;

  @state() private status = '';

  async #copyReport(): Promise<void> {
    if (this.session === undefined) return;
    try {
      await navigator.clipboard.writeText(problemReport(this.session.state, version));
      this.status = msg('Copied: version, browser and device. Nothing of your chats.');
    } catch {
      this.status = msg('The browser did not allow copying.');
    }
  }

  override render(): TemplateResult {
    return html`<h2>${msg('About')}</h2>
      <p>${msg(str`Alcove ${version}: open language models that run on this device.`)}</p>
      <div class="controls">
        ${textButton(msg('Keyboard shortcuts'), () =>
          this.dispatchEvent(new Event('alcove-show-shortcuts', { bubbles: true, composed: true })),
        )}
        ${quietButton(msg('Copy details for a problem report'), this.#copyReport)}
      </div>
      <p class="small" role="status">${this.status}</p>
      <dl>
        <div>
          <dt>${msg('Chats, settings and personas')}</dt>
          <dd class="muted small">${msg('Stored in this browser, for this website only. Clearing the browser’s data for it deletes them; a saved file of all chats brings them back.')}</dd>
        </div>
        <div>
          <dt>${msg('Models')}</dt>
          <dd class="muted small">${msg('Stored in this browser too, and listed with their sizes under Storage. A model opened from a file stays where it is.')}</dd>
        </div>
        <div>
          <dt>${msg('Keys of custom servers')}</dt>
          <dd class="muted small">${msg('Stored in this browser, and sent only to the server that they are for.')}</dd>
        </div>
      </dl>
      <ul>
        <li><a href="#storage">${msg('Storage')}</a></li>
        ${PAPERS.map(([file, title]) => html`<li><a href=${file} target="_blank" rel="noopener">${title()}</a></li>`)}
      </ul>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-about': AboutSection;
  }
}
