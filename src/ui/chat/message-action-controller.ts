import type { LitElement } from 'lit';
import { otherParts } from '../../chat/message-parts.ts';
import { BeforeSendEvent, type MessageActionEvent } from '../contract/events.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { performMessageAction } from './message-actions.ts';
import type { PanelController } from './panel-controller.ts';
import type { ReadingController } from './reading-controller.ts';
import type { SendController } from './sending/send-controller.ts';
import { UndoDeleteController } from './undo-delete-controller.ts';

interface Context {
  readonly session: () => SessionLike | undefined;
  readonly panels: PanelController;
  readonly reading: ReadingController;
  readonly sending: SendController;
}

/** Does what the user asks for at a message, and shows what follows from it. */
export class MessageActionController {
  readonly undoDelete: UndoDeleteController;
  readonly #host: LitElement;
  readonly #context: Context;

  constructor(host: LitElement, context: Context) {
    this.#host = host;
    this.#context = context;
    this.undoDelete = new UndoDeleteController(host, context.session);
  }

  readonly perform = async (event: MessageActionEvent): Promise<void> => {
    const { panels, reading, sending } = this.#context;
    const session = this.#context.session();
    if (session === undefined) return;
    const { action, messageId } = event;
    const text = this.#textToSend(session, event);
    if (text === undefined) return;
    const chatId = session.state.chat?.id;
    sending.error = undefined;
    if (action === 'show-branches') return panels.open('branches');
    const done = performMessageAction(session, { action, messageId, text });
    if (action === 'fork' || action === 'keep') this.#host.focus();
    if (action === 'select-branch') {
      panels.close();
      await done;
      await reading.showMessage(messageId);
    }
    const error = await done;
    if (action === 'edit' && error !== undefined) {
      const edited = session.state.chat?.messages.get(messageId);
      sending.failEdit(error, { messageId, text, attached: edited?.role === 'user' ? otherParts(edited) : [] });
    } else sending.error = error;
    if (action === 'delete' && error === undefined && chatId !== undefined)
      this.undoDelete.offer({ chatId, messageId });
  };

  /** The text of an action. For an edited question: what the host makes of it, or undefined if it may not be sent. */
  #textToSend({ state }: SessionLike, { action, messageId, text }: MessageActionEvent): string | undefined {
    const message = state.chat?.messages.get(messageId);
    if (action !== 'edit' || message?.role !== 'user') return text;
    const asked = new BeforeSendEvent(text, otherParts(message));
    return this.#host.dispatchEvent(asked) ? asked.text : undefined;
  }
}
