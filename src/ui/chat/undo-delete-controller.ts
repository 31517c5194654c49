import { msg } from '@lit/localize';
import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { lazyElement } from '../base/lazy-element.ts';
import type { SessionLike } from '../contract/session-like.ts';

interface Branch {
  readonly chatId: string;
  readonly messageId: string;
}

/** Offers to restore the branch that was deleted last, while its toast is shown. Then its content leaves the store. */
export class UndoDeleteController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #session: () => SessionLike | undefined;
  #deleted: Branch | undefined;

  constructor(host: ReactiveControllerHost, session: () => SessionLike | undefined) {
    this.#host = host;
    this.#session = session;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#end();
  }

  /** Offers the undo after a message and all that follows it were deleted. */
  offer(deleted: Branch): void {
    this.#end();
    this.#set(deleted);
  }

  render(): TemplateResult | typeof nothing {
    if (this.#deleted === undefined) return nothing;
    return html`<alcove-toast
      ${lazyElement(() => import('../base/toast.ts'))}
      .message=${msg('Deleted, with all messages that followed.')}
      .action=${msg('Undo')}
      @alcove-toast-action=${this.#undo}
      @alcove-toast-end=${this.#end}
    ></alcove-toast>`;
  }

  readonly #undo = (): void => {
    const deleted = this.#deleted;
    this.#set(undefined);
    if (deleted === undefined) return;
    void this.#session()?.generation.restoreMessage(deleted.chatId, deleted.messageId);
  };

  readonly #end = (): void => {
    const deleted = this.#deleted;
    if (deleted === undefined) return;
    this.#set(undefined);
    void this.#session()?.generation.endUndo(deleted.chatId, deleted.messageId);
  };

  #set(deleted: Branch | undefined): void {
    this.#deleted = deleted;
    this.#host.requestUpdate();
  }
}
