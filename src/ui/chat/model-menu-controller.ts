import { html, type LitElement, nothing, type TemplateResult } from 'lit';
import { isAbortError, toAlcoveError } from '../../platform/errors.ts';
import type { SessionState } from '../../session/state/session-state.ts';
import { lazyElement } from '../base/lazy-element.ts';
import type { ChatOptions } from '../contract/chat-options.ts';
import type { ActionResult } from '../errors/error-messages.ts';

/** The menu of the header's model, and the files that are opened from it. */
export class ModelMenuController {
  readonly #host: LitElement & { readonly options: ChatOptions };
  readonly #onResult: (result: ActionResult) => void;
  #isOpen = false;

  constructor(host: LitElement & { readonly options: ChatOptions }, onResult: (result: ActionResult) => void) {
    this.#host = host;
    this.#onResult = onResult;
  }

  readonly open = (): void => this.#set(true);

  render(state: SessionState): TemplateResult | typeof nothing {
    if (!this.#isOpen) return nothing;
    const { onModelFiles } = this.#host.options;
    return html`<alcove-model-picker
      ${lazyElement(() => import('../models/menu/choose-model.ts'))}
      .state=${state}
      .anchor=${this.#host.renderRoot.querySelector<HTMLElement>('.bar .model') ?? undefined}
      .openFile=${onModelFiles === undefined ? undefined : () => void this.#openFiles(onModelFiles)}
      @close=${() => this.#set(false)}
    ></alcove-model-picker>`;
  }

  #set(isOpen: boolean): void {
    this.#isOpen = isOpen;
    this.#host.requestUpdate();
  }

  async #openFiles(onModelFiles: NonNullable<ChatOptions['onModelFiles']>): Promise<void> {
    const { pickModelFiles } = await import('../models/source-actions.ts');
    try {
      onModelFiles(await pickModelFiles());
    } catch (error) {
      if (!isAbortError(error)) this.#onResult({ error: toAlcoveError(error) });
    }
  }
}
