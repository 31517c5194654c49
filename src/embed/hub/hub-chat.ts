import { Session, type SessionOptions } from '../../session/session.ts';
import { AlcoveChatElement } from '../alcove-chat-element.ts';
import { wearLooks } from './hub-looks.ts';
import type { HubSettings } from './hub-protocol.ts';

/** The element inside the hub. Its page is the hub's; what closes it is around the frame. */
export class HubChat extends AlcoveChatElement {
  onClose: () => void = () => {};
  /** Of the session's weights, where all sites share one store. */
  weightsDatabaseName: string | undefined;
  #hasStarted = false;

  override async close(): Promise<void> {
    this.onClose();
  }

  /** Starts the session at once, not with the user's first click: this page has nothing else to load. */
  begin(): void {
    if (this.#hasStarted) return;
    this.#hasStarted = true;
    // A failure is an event, and shown.
    this.chats.list().catch(() => {});
  }

  /** @param origin of the page around the frame: each has a history of its own */
  apply(settings: HubSettings, origin: string): void {
    const { history, canClose = false, theme, lang, looks = {}, ...rest } = settings;
    const nothing = {
      model: undefined,
      models: undefined,
      engine: undefined,
      instructions: undefined,
      context: undefined,
      heading: undefined,
      greeting: undefined,
      starters: undefined,
      placeholder: undefined,
      enterKey: undefined,
      storage: undefined,
      attachments: false,
      autoLoad: false,
      disabled: false,
      readonly: false,
    } satisfies { readonly [Name in keyof HubSettings]?: unknown };
    Object.assign(this, { ...nothing, ...rest });
    // A page of no origin has none of its own either.
    this.history = history === 'none' || origin === 'null' ? 'none' : `hub ${origin} ${history ?? ''}`.trim();
    wearLooks(this, looks);
    this.layout = canClose ? 'panel' : 'full';
  }

  protected override createSession(options: SessionOptions): Session | undefined {
    const { weightsDatabaseName } = this;
    return weightsDatabaseName === undefined ? undefined : new Session({ ...options, weightsDatabaseName });
  }
}

customElements.define('alcove-hub-chat', HubChat);

declare global {
  interface HTMLElementTagNameMap {
    'alcove-hub-chat': HubChat;
  }
}
