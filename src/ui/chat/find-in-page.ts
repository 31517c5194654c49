import { css, html, LitElement, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Message } from '../../chat/conversation.ts';
import { searchableText } from '../../chat/search/search-index.ts';
import { whenIdle } from '../../platform/when-idle.ts';
import { customElement } from '../lib/custom-element.ts';

/** Messages per hidden block; a match in one reveals its block. */
const GROUP = 32;

/** The browser's search has found a match in a message that is not rendered. */
export class FindMatchEvent extends Event {
  static readonly eventName = 'alcove-find-match';
  readonly messageId: string;

  constructor(messageId: string) {
    super(FindMatchEvent.eventName);
    this.messageId = messageId;
  }
}

/**
 * @summary The text of messages that are not rendered, only for the browser's find in page (Ctrl or Cmd-F). It is not
 *   laid out until a match is found. A browser without `hidden="until-found"` searches only rendered messages.
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

  /** Compared one by one: these messages rarely change while an answer is generated at the end. */
  @property({ attribute: false, hasChanged: haveChanged })
  messages: readonly Message[] = [];

  /** Rendered once the page is idle: find in page is not needed sooner. */
  @state() private isRendered = false;

  override connectedCallback(): void {
    super.connectedCallback();
    whenIdle(() => {
      this.isRendered = true;
    });
  }

  override render(): TemplateResult[] {
    if (!this.isRendered) return [];
    return Array.from({ length: Math.ceil(this.messages.length / GROUP) }, (_, index) => {
      const [first, ...others] = this.messages.slice(index * GROUP, (index + 1) * GROUP);
      const text = [first, ...others]
        .flatMap((message) => (message === undefined ? [] : searchableText(message)))
        .join('\n\n');
      const show = (): unknown => first !== undefined && this.dispatchEvent(new FindMatchEvent(first.id));
      return html`<div hidden="until-found" @beforematch=${show}>${text}</div>`;
    });
  }
}

function haveChanged(messages: readonly Message[], before: readonly Message[] | undefined): boolean {
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
