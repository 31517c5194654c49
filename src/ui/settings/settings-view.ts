import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { baseStyles } from '../base/base.styles.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { customElement } from '../lib/custom-element.ts';
import './about-section.ts';
import './host-settings.ts';
import './appearance-form.ts';
import './chat-defaults.ts';
import './prompts-view.ts';
import './custom-servers-view.ts';
import '../history/import-export-view.ts';
import './voice-settings.ts';

interface Section {
  /** In the URL: `#settings/voice`. */
  readonly name: string;
  readonly title: () => string;
  readonly view: (session: SessionLike) => TemplateResult;
}

const SECTIONS: readonly Section[] = [
  {
    name: 'appearance',
    title: () => msg('Appearance'),
    view: () => html`<alcove-appearance-form></alcove-appearance-form>`,
  },
  {
    name: 'defaults',
    title: () => msg('All chats'),
    view: (session) => html`<alcove-chat-defaults .session=${session}></alcove-chat-defaults>`,
  },
  {
    name: 'prompts',
    title: () => msg('Prompts'),
    view: (session) => html`<alcove-prompts .session=${session}></alcove-prompts>`,
  },
  {
    name: 'files',
    title: () => msg('Save and import'),
    view: (session) => html`<alcove-import-export .session=${session}></alcove-import-export>`,
  },
  { name: 'voice', title: () => msg('Voice'), view: () => html`<alcove-voice-settings></alcove-voice-settings>` },
  {
    name: 'servers',
    title: () => msg('Custom servers'),
    view: (session) => html`<alcove-custom-servers .session=${session}></alcove-custom-servers>`,
  },
  { name: 'hosts', title: () => msg('Hosts'), view: () => html`<alcove-host-settings></alcove-host-settings>` },
  {
    name: 'about',
    title: () => msg('About'),
    view: (session) => html`<alcove-about .session=${session}></alcove-about>`,
  },
];

/** @summary The settings page: its sections, and a list of them that jumps to each. */
@customElement('alcove-settings')
export class SettingsView extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 28px;
      }

      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
        margin-inline: -10px;
      }

      a {
        display: flex;
        align-items: center;
        min-block-size: 40px;
        padding-inline: 10px;
        border-radius: var(--_radius);
        color: var(--_text);
        font-size: var(--_text-s);
        text-decoration: none;
      }

      a:hover,
      a[aria-current] {
        background: var(--_hover);
      }

      a[aria-current] {
        font-weight: 600;
      }

      section + section {
        margin-block-start: 32px;
        padding-block-start: 32px;
        border-block-start: 1px solid var(--_border);
      }

      @media (pointer: coarse) {
        a {
          min-block-size: 44px;
        }
      }

      @media (min-width: 56.25rem) {
        :host {
          grid-template-columns: 11rem minmax(0, 1fr);
          gap: 40px;
        }

        ul {
          position: sticky;
          inset-block-start: calc(var(--_header) + 12px);
          flex-direction: column;
        }
      }
    `,
  ];

  @property({ attribute: false }) session: SessionLike | undefined;

  /** The section that the URL names; empty for the page as a whole. */
  @property() section = '';

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('section') && this.section !== '') void this.#show();
  }

  /** Moves there what reads the page too: the next Tab press is inside the section. */
  async #show(): Promise<void> {
    const section = this.renderRoot.querySelector<HTMLElement>(`section[data-name="${CSS.escape(this.section)}"]`);
    // The sections above have their height only when they are drawn.
    for (const view of this.renderRoot.querySelectorAll<LitElement>('section > *')) await view.updateComplete;
    section?.scrollIntoView();
    section?.focus({ preventScroll: true });
  }

  override render(): TemplateResult {
    const { session } = this;
    return html`<nav aria-label=${msg('Settings')}>
        <ul>
          ${SECTIONS.map(
            ({ name, title }) => html`<li>
              <a href="#settings/${name}" aria-current=${name === this.section || nothing}>${title()}</a>
            </li>`,
          )}
        </ul>
      </nav>
      <div>
        ${
          session === undefined
            ? nothing
            : SECTIONS.map(
                ({ name, view }) => html`<section data-name=${name} tabindex="-1">${view(session)}</section>`,
              )
        }
      </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-settings': SettingsView;
  }
}
