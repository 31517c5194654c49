import type { LitElement } from 'lit';
import { AutoscrollController } from './autoscroll-controller.ts';
import type { ConversationView, ReadingPlace } from './conversation-view.ts';

/** Shows a place of the conversation: its end, a message, or where the user was reading. */
export class ReadingController {
  readonly #host: LitElement;
  readonly #scroll: AutoscrollController;

  constructor(host: LitElement) {
    this.#host = host;
    this.#scroll = new AutoscrollController(host);
  }

  get #conversation(): ConversationView | null {
    return this.#host.renderRoot.querySelector('alcove-conversation');
  }

  get isAwayFromEnd(): boolean {
    return this.#scroll.isAwayFromEnd;
  }

  /** Where the user is reading; undefined at the end of the chat. */
  get place(): ReadingPlace | undefined {
    return this.isAwayFromEnd ? this.#conversation?.readingPlace : undefined;
  }

  follow(scroller: HTMLElement, messages: HTMLElement | undefined): void {
    this.#scroll.follow(scroller, messages);
  }

  /** Another chat is shown. */
  begin(): void {
    this.#scroll.toEnd();
  }

  readonly toEnd = (): void => {
    this.#conversation?.showEnd?.();
    this.#scroll.toEnd();
  };

  /** Shows a message of the active branch, and focuses it. @param query whose words are highlighted */
  async showMessage(id: string, query?: string): Promise<void> {
    await (await this.#leaveEnd())?.showMessage(id, query);
  }

  async editMessage(id: string): Promise<void> {
    await this.showMessage(id);
    await this.#conversation?.editMessage(id);
  }

  async showPlace(place: ReadingPlace): Promise<void> {
    await (await this.#leaveEnd())?.showPlace(place);
  }

  async #leaveEnd(): Promise<ConversationView | null> {
    await customElements.whenDefined('alcove-conversation');
    await this.#host.updateComplete;
    this.#scroll.leave();
    await this.#conversation?.updateComplete;
    return this.#conversation;
  }
}
