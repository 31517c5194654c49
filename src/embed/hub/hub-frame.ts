import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { baseStyles } from '../../ui/base/base.styles.ts';
import { lazyElement } from '../../ui/base/lazy-element.ts';
import { customElement } from '../../ui/lib/custom-element.ts';
import type { HubClient } from './hub-client.ts';

const loadNotice = (): Promise<unknown> => import('../../ui/errors/notice.ts');

/**
 * What a hub's frame may do. Not: navigate the page around it, or ask for devices in its name. Its own origin it keeps, which
 * is another one than the page's.
 */
const SANDBOX = [
  'allow-scripts',
  'allow-same-origin',
  'allow-forms',
  'allow-modals',
  'allow-downloads',
  'allow-popups',
  'allow-popups-to-escape-sandbox',
  'allow-storage-access-by-user-activation',
].join(' ');

/** WebAssembly threads, where the page is isolated and the hub sends the headers; copying an answer. */
const PERMISSIONS = 'cross-origin-isolated; clipboard-write';

/**
 * @summary The frame with a hub, in the page: the chat is inside, on the hub's origin. Shows why there is none.
 */
@customElement('alcove-hub-frame')
export class HubFrame extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        position: relative;
        display: grid;
      }

      iframe {
        inline-size: 100%;
        block-size: 100%;
        border: 0;
        color-scheme: normal;
      }

      iframe,
      .wait {
        grid-area: 1 / 1;
      }

      /* Until the hub knows how the page looks. */
      .waiting {
        opacity: 0;
      }

      /* Most hubs have answered before this is shown. */
      .wait {
        place-self: center;
        color: var(--_text-muted);
        font-size: var(--_text-s);
        animation: 0s 1s both appear;
      }

      @keyframes appear {
        from {
          visibility: hidden;
        }
      }

      .problem {
        overflow: auto;
        padding: 24px;
      }

      .problem > * {
        max-inline-size: var(--_column);
        margin-inline: auto;
      }
    `,
  ];

  @property({ attribute: false }) client: HubClient | undefined;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('client')) this.client?.expectFrame();
  }

  override focus(): void {
    this.#frame?.focus();
    this.client?.call('focus').catch(() => {});
  }

  override render(): TemplateResult | typeof nothing {
    const { client } = this;
    if (client === undefined) return nothing;
    // After a disconnection the chat is still the user's.
    if (client.state === 'failed' && client.error?.code !== 'hub-disconnected') {
      return html`<div class="problem">
        <alcove-notice ${lazyElement(loadNotice)} part="problem" .error=${client.error} @alcove-next-step=${this.#tryAgain}></alcove-notice>
      </div>`;
    }
    const isWaiting = client.state === 'loading';
    return html`${isWaiting ? html`<p class="wait" role="status">${msg('Connecting…')}</p>` : nothing}<iframe
      class=${isWaiting ? 'waiting' : ''}
      title=${msg('Chat')}
      src=${client.hub.href}
      sandbox=${SANDBOX}
      allow=${PERMISSIONS}
      referrerpolicy="origin"
      @load=${this.#connect}
    ></iframe>`;
  }

  get #frame(): HTMLIFrameElement | null {
    return this.renderRoot.querySelector('iframe');
  }

  readonly #connect = (): void => {
    const frame = this.#frame?.contentWindow;
    if (frame) this.client?.connect(frame);
  };

  readonly #tryAgain = (event: Event): void => {
    event.stopPropagation();
    this.client?.expectFrame();
    this.requestUpdate();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-hub-frame': HubFrame;
  }
}
