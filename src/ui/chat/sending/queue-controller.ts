import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { lazyElement } from '../../base/lazy-element.ts';
import type { SessionLike } from '../../contract/session-like.ts';
import { isWrittenIn } from '../../models/model-labels.ts';
import type { QueueActionEvent } from './queued-messages.ts';

interface QueueContext {
  readonly session: () => SessionLike | undefined;
  readonly send: (text: string) => unknown;
  /** Puts a text into the message field. */
  readonly edit: (text: string) => void;
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
  #texts: readonly string[] = [];
  /** The message that is being written in the open chat. */
  #writtenId: string | undefined;

  constructor(host: ReactiveControllerHost, context: QueueContext) {
    this.#host = host;
    this.#context = context;
    host.addController(this);
  }

  get texts(): readonly string[] {
    return this.#texts;
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

  add(text: string): void {
    this.#set([...this.#texts, text]);
  }

  /** Forgets the messages of a chat that is left; its draft has them. */
  leave(): void {
    this.#texts = [];
    this.#writtenId = undefined;
  }

  render(): TemplateResult | typeof nothing {
    if (this.#texts.length === 0) return nothing;
    return html`<alcove-queued-messages
      ${lazyElement(() => import('./beside-composer.ts'))}
      .texts=${this.#texts}
      ?writing=${this.isOpen}
      @alcove-queue-action=${this.#onAction}
    ></alcove-queued-messages>`;
  }

  readonly #onAction = ({ action, index }: QueueActionEvent): void => {
    const { send, edit } = this.#context;
    this.#take(index, action === 'send' ? send : action === 'edit' ? edit : () => {});
  };

  #take(index: number, use: (text: string) => unknown): void {
    const text = this.#texts[index];
    if (text === undefined) return;
    this.#set(this.#texts.filter((_, at) => at !== index));
    use(text);
  }

  #set(texts: readonly string[]): void {
    this.#texts = texts;
    this.#context.onChange();
    this.#host.requestUpdate();
  }
}
