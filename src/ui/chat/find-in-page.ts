import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Message } from '../../chat/conversation.ts';
import { whenIdle } from '../lib/when-idle.ts';

/** Messages that are found together. */
const GROUP = 32;

/** Messages in which the browser's search has found something. */
export class FindMatchEvent extends Event {
  static readonly eventName = 'alcove-find-match';
  readonly messageId: string;

  constructor(messageId: string) {
    super(FindMatchEvent.eventName);
    this.messageId = messageId;
  }
}

/**
 * @summary The words of messages that are not drawn, for the browser's own search alone (Ctrl or Cmd-F): they are laid
 *   out nowhere, until something in them is found. A browser without `hidden="until-found"` searches what is drawn.
 * @event alcove-find-match
 */
@customElement('alcove-find-in-page')
export class FindInPage extends LitElement {
  static override readonly styles = css`
    :host {
      position: absolute;
      inline-size: 0;
      block-size: 0;
      overflow: hidden;
    }
  `;

  /** Those of a chat change rarely, while an answer is written at its end. */
  @property({ attribute: false, hasChanged: hasOthers })
  messages: readonly Message[] = [];

  /** Nobody searches before there is something to read. */
  @state() private isDue = false;

  override connectedCallback(): void {
    super.connectedCallback();
    whenIdle(() => {
      this.isDue = true;
    });
  }

  override render(): TemplateResult[] {
    if (!this.isDue) return [];
    return Array.from({ length: Math.ceil(this.messages.length / GROUP) }, (_, index) => {
      const [first, ...others] = this.messages.slice(index * GROUP, (index + 1) * GROUP);
      const text = [first, ...others].map((message) => message?.text).join('\n\n');
      const show = (): unknown => first !== undefined && this.dispatchEvent(new FindMatchEvent(first.id));
      return html`<div hidden="until-found" @beforematch=${show}>${text}</div>`;
    });
  }
}

function hasOthers(messages: readonly Message[], before: readonly Message[] | undefined): boolean {
  return before?.length !== messages.length || messages.some((message, index) => message !== before[index]);
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-find-in-page': FindInPage;
  }
  interface HTMLElementEventMap {
    'alcove-find-match': FindMatchEvent;
  }
}
