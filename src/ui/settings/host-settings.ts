import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import {
  ANY_HTTPS,
  allowHost,
  forbidHost,
  HUGGING_FACE_URL,
  readHosts,
  writeHosts,
} from '../../session/models/allowed-hosts.ts';
import { baseStyles } from '../base/base.styles.ts';
import { formStyles } from '../base/form.styles.ts';
import { iconButton } from '../base/icon-button.ts';
import { panelStyles } from '../base/panel.styles.ts';
import { customElement } from '../lib/custom-element.ts';

/** @summary The hosts that this page may connect to: Hugging Face or a mirror, and the allowed hosts. */
@customElement('alcove-host-settings')
export class HostSettings extends LitElement {
  static override readonly styles = [
    baseStyles,
    formStyles,
    panelStyles,
    css`
      li {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 12px;
        border-block-end: 1px solid var(--_border);
        font-size: var(--_text-s);
        overflow-wrap: anywhere;
      }
    `,
  ];

  @state() private hosts = readHosts();
  @state() private error = '';
  @state() private isChanged = false;

  #change(change: () => void): void {
    try {
      change();
      this.isChanged = true;
      this.error = '';
    } catch {
      this.error = msg('This browser window does not store settings.');
    }
    this.hosts = readHosts();
  }

  #onMirror(event: SubmitEvent): void {
    const url = originIn(event, HUGGING_FACE_URL);
    if (url === undefined) this.error = msg('An address starts with https:// or http:// and a host.');
    else this.#change(() => writeHosts({ ...this.hosts, huggingFaceUrl: url }));
  }

  #onAllow(event: SubmitEvent): void {
    const url = originIn(event, '');
    if (url === undefined || url === '') this.error = msg('An address starts with https:// or http:// and a host.');
    else this.#change(() => allowHost(url));
  }

  override render(): TemplateResult {
    const { huggingFaceUrl, allowed } = this.hosts;
    return html`<h2>${msg('Hosts')}</h2>
      <form class="field" @submit=${this.#onMirror}>
        <span>${msg('Hugging Face or a mirror')}</span>
        <div class="row">
          <input name="url" type="text" inputmode="url" spellcheck="false" aria-label=${msg('Address of Hugging Face or a mirror')} .value=${huggingFaceUrl} placeholder=${HUGGING_FACE_URL} />
          <button type="submit" class="button">${msg('Save')}</button>
        </div>
        <span class="muted">${msg('Alcove lists and downloads models from there. A mirror has the same paths.')}</span>
      </form>
      <form class="field" @submit=${this.#onAllow}>
        <span>${msg('Other hosts this page may connect to')}</span>
        <span class="muted">
          ${msg('The browser blocks every host that neither you nor this site has allowed. Nothing a model writes is ever loaded.')}
        </span>
        ${
          allowed.length === 0
            ? nothing
            : html`<ul>
              ${repeat(
                allowed,
                (host) => host,
                (host) => html`<li>
                  ${host === ANY_HTTPS ? msg('Any host over https') : host}
                  ${iconButton('trash', msg(str`Block ${host}`), () => this.#change(() => forbidHost(host)), {
                    title: msg('Block'),
                  })}
                </li>`,
              )}
            </ul>`
        }
        <div class="row">
          <input name="url" type="text" inputmode="url" spellcheck="false" aria-label=${msg('Host to allow')} placeholder="https://models.example" />
          <button type="submit" class="button">${msg('Allow')}</button>
        </div>
      </form>
      ${this.error === '' ? nothing : html`<p class="wrong" role="alert">${this.error}</p>`}
      ${
        this.isChanged
          ? html`<p class="small" role="status">
            ${msg('Takes effect when you reload this page.')}
            <button type="button" class="button" @click=${() => location.reload()}>${msg('Reload')}</button>
          </p>`
          : nothing
      }`;
  }
}

/** The origin that the user typed into a form; `fallback` for an empty field; undefined for an invalid one. */
function originIn(event: SubmitEvent, fallback: string): string | undefined {
  event.preventDefault();
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return undefined;
  const text = String(new FormData(form).get('url') ?? '').trim();
  if (text === '') return fallback;
  const url = URL.parse(text.includes('://') ? text : `https://${text}`);
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.origin : undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-host-settings': HostSettings;
  }
}
