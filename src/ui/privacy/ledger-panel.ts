import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { serverHost } from '../../models/catalogue/server-host.ts';
import type { RequestEntry } from '../../session/request-ledger.ts';
import type { ModelEntry } from '../../session/state/session-state.ts';
import { baseStyles } from '../base/base.styles.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { customElement } from '../lib/custom-element.ts';
import { formatBytes, formatTime } from '../lib/format.ts';
import { plural } from '../lib/plural.ts';
import { SubscriptionController } from '../lib/subscription-controller.ts';

/** Most rows shown for one host; the sum counts all requests. */
const ROWS = 100;

/**
 * @summary Lists every request that the browser has made for this page, by host, as proof that nothing leaves the device.
 */
@customElement('alcove-ledger')
export class LedgerPanel extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        display: grid;
        gap: 20px;
      }

      .promise {
        max-inline-size: 36em;
      }

      section {
        border-block-start: 1px solid var(--_border);
        padding-block-start: 12px;
      }

      summary {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 12px;
        padding-block: 4px;
        cursor: pointer;
      }

      summary strong {
        font-weight: 600;
        overflow-wrap: anywhere;
      }

      summary .server {
        color: var(--_warning);
      }

      summary .sum {
        margin-inline-start: auto;
      }

      .scroll {
        overflow-x: auto;
      }

      table {
        inline-size: 100%;
        margin-block-start: 8px;
        border-collapse: collapse;
        font-size: var(--_text-xs);
      }

      th,
      td {
        padding-block: 5px;
        padding-inline: 0 12px;
        text-align: start;
        vertical-align: top;
        white-space: nowrap;
      }

      th {
        color: var(--_text-muted);
        font-weight: 550;
      }

      td.what {
        inline-size: 100%;
        white-space: normal;
        overflow-wrap: anywhere;
      }

      .number {
        padding-inline-end: 0;
        text-align: end;
      }
    `,
  ];

  /** Models on custom servers tell which hosts receive what the user writes. */
  @property({ attribute: false }) models: readonly ModelEntry[] = [];

  @property({ attribute: false }) ledger: SessionLike['ledger'] | undefined;

  constructor() {
    super();
    new SubscriptionController(this, () => this.ledger);
  }

  override render(): TemplateResult | typeof nothing {
    if (this.ledger === undefined) return nothing;
    const hosts = Map.groupBy(this.ledger.entries, ({ host }) => host);
    return html`<p class="promise">
        ${
          [...hosts.keys()].some((host) => this.#isServer(host))
            ? msg(
                'What you write in a chat with a model on your server is sent there, and nowhere else. This is every request that the browser has made for this page since you opened it.',
              )
            : msg(
                'The model runs here, and what you write stays here. This is every request that the browser has made for this page since you opened it.',
              )
        }
      </p>
      ${
        hosts.size === 0
          ? html`<p class="muted">${msg('None so far. Each request will be listed here with its host and size.')}</p>`
          : [...hosts].map(([host, entries]) => this.#renderHost(host, entries))
      }`;
  }

  #isServer(host: string): boolean {
    return this.models.some(({ record }) => serverHost(record.id) === host);
  }

  #renderHost(host: string, entries: readonly RequestEntry[]): TemplateResult {
    const known = entries.flatMap(({ bytes }) => (bytes === undefined ? [] : [bytes]));
    const sum = known.reduce((total, bytes) => total + bytes, 0);
    const count = plural(entries.length, msg('one: # request | other: # requests'));
    return html`<section>
      <details>
        <summary>
          <strong>${host}</strong>
          ${host === location.host ? html`<span class="muted small">${msg('this site')}</span>` : nothing}
          ${this.#isServer(host) ? html`<span class="server small">${msg('your server: what you write is sent there')}</span>` : nothing}
          <span class="sum muted small numbers">
            ${known.length === 0 ? msg(str`${count}, size unknown`) : msg(str`${count}, ${formatBytes(sum)}`)}
          </span>
        </summary>
        <div class="scroll">
          <table class="numbers">
            <thead>
              <tr>
                <th>${msg('Time')}</th>
                <th>${msg('What')}</th>
                <th class="number">${msg('Size')}</th>
              </tr>
            </thead>
            <tbody>
              ${entries
                .slice(-ROWS)
                .reverse()
                .map(
                  ({ url, bytes, at }) => html`<tr>
                    <td>${formatTime(at)}</td>
                    <td class="what">${path(url)}</td>
                    <td class="number">${sizeOf(bytes)}</td>
                  </tr>`,
                )}
            </tbody>
          </table>
        </div>
      </details>
    </section>`;
  }
}

function path(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? url : parsed.pathname + parsed.search;
}

function sizeOf(bytes: number | undefined): string {
  if (bytes === undefined) return msg('unknown');
  return bytes === 0 ? msg('from the cache') : formatBytes(bytes);
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-ledger': LedgerPanel;
  }
}
