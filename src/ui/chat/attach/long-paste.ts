import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { quietButton, textButton } from '../../base/text-button.ts';
import { formatNumber } from '../../lib/format.ts';
import type { Composer } from '../composer.ts';

/** From here on a pasted text is offered as a document. */
const LONG_PASTE_CHARACTERS = 2_500;

/** Offers to attach a long text that was pasted, in place of keeping it in the message. */
export class LongPaste {
  #text = '';
  /** The text is too long for the field. */
  #isRefused = false;

  /** Follows a paste that the browser is about to make. @returns whether there is an offer */
  paste(text: string): boolean {
    this.forget();
    // As a text field has it.
    if (text.length > LONG_PASTE_CHARACTERS) this.#text = text.replaceAll(/\r\n?/g, '\n');
    return this.#text !== '';
  }

  refuse(text: string): void {
    this.#text = text;
    this.#isRefused = true;
  }

  /** Takes the offer back once the text has been changed in the field. @returns whether it did */
  check({ draft }: Composer): boolean {
    if (this.#text === '' || this.#isRefused || draft.includes(this.#text)) return false;
    this.forget();
    return true;
  }

  forget(): void {
    this.#text = '';
    this.#isRefused = false;
  }

  /** Takes the text out of the field. @returns it as a file without a name */
  take(composer: Composer): File {
    const text = this.#text;
    const at = this.#isRefused ? -1 : composer.draft.indexOf(text);
    if (at !== -1) composer.draft = composer.draft.slice(0, at) + composer.draft.slice(at + text.length);
    this.forget();
    return new File([text], '', { type: 'text/plain' });
  }

  render(attach: () => void, dismiss: () => void): TemplateResult | typeof nothing {
    if (this.#text === '') return nothing;
    const characters = formatNumber(this.#text.length);
    return html`<div class="line" role="status">
      ${
        this.#isRefused
          ? msg(str`The pasted text of ${characters} characters is too long for a message.`)
          : msg(str`The pasted text has ${characters} characters.`)
      }
      ${textButton(msg('Attach as a document'), attach)} ${quietButton(this.#isRefused ? msg('Dismiss') : msg('Keep as text'), dismiss)}
    </div>`;
  }
}
