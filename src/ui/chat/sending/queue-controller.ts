import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { lazyElement } from '../../base/lazy-element.ts';
import type { SessionLike } from '../../contract/session-like.ts';
import { isWrittenIn } from '../../models/model-labels.ts';
import type { OutgoingMessage } from './outgoing-message.ts';
import type { QueueActionEvent } from './queued-messages.ts';

interface QueueContext {
  readonly session: () => SessionLike | undefined;
  readonly send: (message: OutgoingMessage) => unknown;
  /** Puts a message into the composer. */
  readonly edit: (message: OutgoingMessage) => void;
  /** The queue has changed, and with it the chat's draft. */
  readonly onChange: () => void;
}

/**
 * Keeps the messages that the user sends while an answer is written in the open chat. When the answer is complete, the first
 * one is sent. After an answer that was stopped or failed they wait for the user. They are part of the chat's draft, so that
 * a reload or another chat puts them into the message field instead of losing or sending them.
 */
export class QueueController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #context: QueueContext;
  #messages: readonly OutgoingMessage[] = [];
  /** The message that is being written in the open chat. */
  #writtenId: string | undefined;

  constructor(host: ReactiveControllerHost, context: QueueContext) {
    this.#host = host;
    this.#context = context;
    host.addController(this);
  }

  get messages(): readonly OutgoingMessage[] {
    return this.#messages;
  }

  /** Whether a message has to wait: an answer is being written in the open chat. */
  get isOpen(): boolean {
    const { state } = this.#context.session() ?? {};
    return state !== undefined && isWrittenIn(state, state.chat?.id);
  }

  hostUpdated(): void {
    const { chat } = this.#context.session()?.state ?? {};
    const written = chat?.messages.get(this.#writtenId ?? '');
    this.#writtenId = this.isOpen ? chat?.activeLeafId : undefined;
    // A summary is followed by the answer that it made room for; and the user has to choose one of several answers first.
    const isChosen = chat?.comparison?.includes(chat.activeLeafId ?? '') !== true;
    if (this.#writtenId === undefined && written?.status === 'complete' && written.role === 'assistant' && isChosen)
      this.#take(0, this.#context.send);
  }

  add(message: OutgoingMessage): void {
    this.#set([...this.#messages, message]);
  }

  /** Forgets the messages of a chat that is left; its draft has them. */
  leave(): void {
    this.#messages = [];
    this.#writtenId = undefined;
  }

  render(): TemplateResult | typeof nothing {
    if (this.#messages.length === 0) return nothing;
    return html`<alcove-queued-messages
      ${lazyElement(() => import('./beside-composer.ts'))}
      .messages=${this.#messages}
      ?writing=${this.isOpen}
      @alcove-queue-action=${this.#onAction}
    ></alcove-queued-messages>`;
  }

  readonly #onAction = ({ action, index }: QueueActionEvent): void => {
    const { send, edit } = this.#context;
    this.#take(index, action === 'send' ? send : action === 'edit' ? edit : () => {});
  };

  #take(index: number, use: (message: OutgoingMessage) => unknown): void {
    const message = this.#messages[index];
    if (message === undefined) return;
    this.#set(this.#messages.filter((_, at) => at !== index));
    use(message);
  }

  #set(messages: readonly OutgoingMessage[]): void {
    this.#messages = messages;
    this.#context.onChange();
    this.#host.requestUpdate();
  }
}
