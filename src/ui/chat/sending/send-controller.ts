import { msg } from '@lit/localize';
import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import type { OtherPart } from '../../../chat/message-parts.ts';
import { isExternal } from '../../../models/model-record.ts';
import { AlcoveError, isAbortError, toAlcoveError } from '../../../platform/errors.ts';
import { iconButton } from '../../base/icon-button.ts';
import { lazyElement } from '../../base/lazy-element.ts';
import { BeforeSendEvent } from '../../contract/events.ts';
import type { SessionLike } from '../../contract/session-like.ts';
import type { Describable } from '../../errors/error-messages.ts';
import { MAX_MESSAGE_CHARACTERS } from '../../lib/paste-limit.ts';
import { saveFile } from '../../lib/save-file.ts';
import { selectedEntry } from '../../models/model-labels.ts';
import type { Composer } from '../composer.ts';
import type { CompactEvent, CompactionChoice } from './context-full-dialog.ts';
import type { DraftController } from './draft-controller.ts';
import type { EditedMessage, OutgoingMessage } from './outgoing-message.ts';
import { QueueController } from './queue-controller.ts';

export interface SendContext {
  readonly session: () => SessionLike | undefined;
  readonly composer: () => Composer | undefined;
  readonly drafts: DraftController;
  readonly onSend: () => void;
}

/** Sends the composer's text. Shows why it failed, and asks what to do when the context window is full. */
export class SendController implements ReactiveController {
  readonly #host: ReactiveControllerHost & EventTarget;
  readonly #context: SendContext;
  readonly #queue: QueueController;
  #error: Describable | undefined;
  /** The answer that failed because the context window is full, while the user is asked what to do. */
  #fullMessageId: string | undefined;
  /** The edited question that exceeds the context window, while the user is asked what to do. */
  #edited: EditedMessage | undefined;
  #refused = '';
  /** The text that was sent while the model was missing. */
  #waiting: string | undefined;
  /** Whether the model was not stored when the error occurred; a stored model can turn out to be missing too. */
  #wasAbsent = false;

  constructor(host: ReactiveControllerHost & EventTarget, context: SendContext) {
    this.#host = host;
    this.#context = context;
    host.addController(this);
    this.#queue = new QueueController(host, {
      session: context.session,
      send: ({ text, attached }) => this.send(text, undefined, attached),
      edit: ({ text, attached }) => {
        this.#restore(text, attached);
        context.composer()?.focus();
      },
      onChange: () => context.drafts.save(),
    });
  }

  /** The messages that are sent when the answer has ended. */
  get queued(): readonly OutgoingMessage[] {
    return this.#queue.messages;
  }

  /** Once the model is stored, the error that it is missing goes, and what the user sent is sent, unless it was changed. */
  hostUpdate(): void {
    if (this.#error?.code !== 'model-missing' || !this.#wasAbsent || !this.#isStored) return;
    this.#error = undefined;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    const { state } = this.#context.session() ?? {};
    const record = state && selectedEntry(state)?.record;
    // To a server it goes by the user's hand alone.
    const isLocal = record !== undefined && !isExternal(record);
    if (isLocal && waiting !== undefined && this.#context.composer()?.draft === waiting) void this.send(waiting);
  }

  get #isStored(): boolean {
    const { state } = this.#context.session() ?? {};
    return state !== undefined && selectedEntry(state)?.weights.status === 'stored';
  }

  /** Shows that a text was too long for a message, and keeps it for `saveRefused`. */
  refuse(text: string): void {
    this.#refused = text;
    const data = { characters: text.length, limit: MAX_MESSAGE_CHARACTERS };
    this.error = new AlcoveError('message-too-long', 'the text was not put into the field', { data });
  }

  saveRefused(): void {
    saveFile(`${msg('Pasted text')}.txt`, new Blob([this.#refused], { type: 'text/plain' }));
  }

  /** Why the last action in the chat failed. */
  set error(error: Describable | undefined) {
    this.#error = error;
    this.#wasAbsent = !this.#isStored;
    this.#host.requestUpdate();
  }

  /** The chat is left for another one. */
  leave(): void {
    this.#queue.leave();
    this.forget();
  }

  forget(): void {
    this.#waiting = undefined;
    this.error = undefined;
    this.#fullMessageId = undefined;
    this.#edited = undefined;
  }

  /** An edit failed: puts its text and files into the composer, where the user can see them. */
  failEdit(error: AlcoveError, edited: EditedMessage): void {
    this.#edited = edited;
    this.#restore(edited.text, edited.attached);
    this.error = error;
  }

  /**
   * Sends a text, or queues it while an answer is written.
   * @param policy what to do when the context window is full; default: the setting
   * @param attached default: the files in the composer, unless another text is typed there
   */
  async send(text: string, policy?: CompactionChoice, attached?: readonly OtherPart[]): Promise<void> {
    const { drafts, onSend } = this.#context;
    const composer = this.#context.composer();
    const session = this.#context.session();
    if (composer === undefined || session === undefined) return;
    // A starter and a queued message leave what is typed in the field.
    const isTyped = composer.draft === text;
    const files = attached ?? (isTyped || composer.draft === '' ? composer.attached : []);
    const take = (): void => {
      if (isTyped) composer.draft = '';
      if (files === composer.attached) composer.attached = [];
    };
    if (this.#queue.isOpen) {
      take();
      this.#queue.add({ text, attached: files });
      return;
    }
    const asked = new BeforeSendEvent(text, files);
    if (!this.#host.dispatchEvent(asked)) {
      if (!isTyped) this.#restore(text, attached);
      return;
    }
    this.error = undefined;
    this.#edited = undefined;
    take();
    drafts.save();
    onSend();
    try {
      const given = asked.attached === undefined ? [] : await asked.attached;
      await session.generation.send(asked.text, policy, [...given, ...files]);
    } catch (error) {
      // The chat is unchanged; the message returns to the composer.
      this.#restore(text, files);
      this.#fail(error);
      if (this.#error?.code === 'model-missing') this.#waiting = text;
    }
  }

  /** Asks what to do after the last answer failed because the chat exceeds the context window. */
  askAboutFullContext(): void {
    const { chat } = this.#context.session()?.state ?? {};
    const last = chat?.activeLeafId === undefined ? undefined : chat.messages.get(chat.activeLeafId);
    this.#fullMessageId = last?.id;
    this.error = last?.error;
  }

  render(): TemplateResult {
    return html`${this.#renderError()}${this.#queue.render()}`;
  }

  #renderError(): TemplateResult | typeof nothing {
    const error = this.#error;
    if (error === undefined) return nothing;
    if (error.code !== 'context-full' && this.#fullMessageId === undefined) {
      return html`<div class="dismissable">
        <alcove-notice role="alert" .error=${error} tone="warning"></alcove-notice>
        ${iconButton('close', msg('Close'), this.#dismiss)}
      </div>`;
    }
    return html`<alcove-context-full-dialog
      ${lazyElement(() => import('./context-full-dialog.ts'))}
      .error=${error}
      .state=${this.#context.session()?.state}
      @alcove-compact=${this.#compactContext}
    ></alcove-context-full-dialog>`;
  }

  readonly #dismiss = (): void => {
    this.forget();
    this.#context.composer()?.focus();
  };

  readonly #compactContext = async (event: CompactEvent): Promise<void> => {
    const session = this.#context.session();
    const full = { edited: this.#edited, messageId: this.#fullMessageId };
    this.forget();
    if (session === undefined) return;
    try {
      // Loaded, since the event came from it.
      const { continueAfter } = await import('./context-full-dialog.ts');
      await continueAfter(event, session, full, {
        composer: this.#context.composer(),
        save: () => this.#context.drafts.save(),
        send: (text, choice) => this.send(text, choice),
      });
    } catch (error) {
      this.#fail(error);
    }
  };

  /** Puts a message back into the composer, before what was typed since. */
  #restore(text: string, attached: readonly OtherPart[] = []): void {
    const composer = this.#context.composer();
    if (composer === undefined) return;
    composer.draft = composer.draft === '' ? text : `${text}\n${composer.draft}`;
    composer.attached = [...attached, ...composer.attached];
    this.#context.drafts.save();
  }

  #fail(error: unknown): void {
    if (!isAbortError(error)) this.error = toAlcoveError(error);
  }
}
