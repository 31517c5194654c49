import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { fileNameFor } from '../../chat/formats/markdown.ts';
import { type AlcoveError, toAlcoveError } from '../../platform/errors.ts';
import { baseStyles } from '../base/base.styles.ts';
import { panelStyles } from '../base/panel.styles.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { customElement } from '../lib/custom-element.ts';
import { saveFile } from '../lib/save-file.ts';
import { chatMarkdown, modelNameOf } from './chat-markdown.ts';
import '../errors/notice.ts';

type Format = 'markdown' | 'json' | 'page' | 'print';

/** @summary Exports one chat: as Markdown, as an HTML page to save or print, or as JSON with all branches. */
@customElement('alcove-chat-export')
export class ChatExport extends LitElement {
  static override readonly styles = [
    baseStyles,
    panelStyles,
    css`
      :host {
        gap: 10px;
      }

      div {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
    `,
  ];

  @property({ attribute: false }) session: SessionLike | undefined;

  @state() private error: AlcoveError | undefined;

  async #export(format: Format): Promise<void> {
    const { session } = this;
    const chat = session?.state.chat;
    if (session === undefined || chat === undefined) return;
    this.error = undefined;
    try {
      if (format === 'json') {
        const file = await session.chats.transfer.exportChat(chat.id);
        saveFile(fileNameFor(chat.title, 'json'), file);
      } else if (format === 'markdown') {
        const text = chatMarkdown(chat, session.state);
        saveFile(fileNameFor(chat.title, 'md'), new Blob([text], { type: 'text/markdown' }));
      } else {
        const { chatDocument, documentText, printDocument } = await import('./chat-document.ts');
        const page = await chatDocument(chat, modelNameOf(session.state));
        if (format === 'print') await printDocument(page);
        else saveFile(fileNameFor(chat.title, 'html'), new Blob([documentText(page)], { type: 'text/html' }));
      }
    } catch (error) {
      this.error = toAlcoveError(error);
    }
  }

  override render(): TemplateResult | typeof nothing {
    if (this.session?.state.chat === undefined) return nothing;
    return html`<h3>${msg('Save this chat')}</h3>
      <div>
        ${this.#renderButton('markdown', msg('As Markdown'))} ${this.#renderButton('page', msg('As a web page'))}
        ${this.#renderButton('print', msg('Print'))} ${this.#renderButton('json', msg('With all branches (JSON)'))}
      </div>
      ${this.error === undefined ? nothing : html`<alcove-notice role="alert" .error=${this.error} without-action></alcove-notice>`}`;
  }

  #renderButton(format: Format, label: string): TemplateResult {
    return html`<button type="button" class="button" @click=${() => this.#export(format)}>${label}</button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-chat-export': ChatExport;
  }
}
