import { msg } from '@lit/localize';
import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { AlcoveError, isAbortError, toAlcoveError } from '../../platform/errors.ts';
import { iconButton } from '../base/icon-button.ts';
import { lazyElement } from '../base/lazy-element.ts';
import type { SessionLike } from '../contract/session-like.ts';
import type { Describable } from '../errors/error-messages.ts';
import { LONGEST_MESSAGE } from '../lib/paste-limit.ts';
import { saveFile } from '../lib/save-file.ts';
import { selectedEntry } from '../models/model-labels.ts';
import type { Composer } from './composer.ts';
import type { CompactEvent, CompactionChoice } from './context-full-dialog.ts';
import type { DraftController } from './draft-controller.ts';

export interface SendSurroundings {
  readonly session: () => SessionLike | undefined;
  readonly composer: () => Composer | undefined;
  readonly drafts: DraftController;
  /** A message goes on its way. */
  readonly onSend: () => void;
}

/** Sends what is typed; says why it could not, and asks what to do when there is no room for it. */
export class SendController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #surroundings: SendSurroundings;
  #error: Describable | undefined;
  /** The answer that failed for want of room, while it is asked what to do. */
  #fullMessageId: string | undefined;
  /** The question that was rewritten and has no room, while it is asked what to do. */
  #edited: { readonly messageId: string; readonly text: string } | undefined;
  #refused = '';
  /** Whether the model was not here when the error came: one that is listed may turn out to be gone. */
  #wasAbsent = false;

  constructor(host: ReactiveControllerHost, surroundings: SendSurroundings) {
    this.#host = host;
    this.#surroundings = surroundings;
    host.addController(this);
  }

  /** A model that was missing has come: nothing stands in the way of what waits in the composer. */
  hostUpdate(): void {
    if (this.#error?.code !== 'model-missing' || !this.#wasAbsent) return;
    if (this.#isStored) this.#error = undefined;
  }

  get #isStored(): boolean {
    const { state } = this.#surroundings.session() ?? {};
    return state !== undefined && selectedEntry(state)?.weights.status === 'stored';
  }

  /** Says that a text was too long for a message, and keeps it for `saveRefused`. */
  refuse(text: string): void {
    this.#refused = text;
    const data = { characters: text.length, limit: LONGEST_MESSAGE };
    this.error = new AlcoveError('message-too-long', 'the text was not put into the field', { data });
  }

  /** Hands the text that was too long to the reader as a file. */
  saveRefused(): void {
    saveFile(`${msg('Pasted text')}.txt`, new Blob([this.#refused], { type: 'text/plain' }));
  }

  /** Why the last thing that was asked in the chat could not be done. */
  set error(error: Describable | undefined) {
    this.#error = error;
    this.#wasAbsent = !this.#isStored;
    this.#host.requestUpdate();
  }

  /** Takes back the reason and the question. */
  forget(): void {
    this.error = undefined;
    this.#fullMessageId = undefined;
    this.#edited = undefined;
  }

  /** A message could not be rewritten, for want of room or another reason: the words wait where they can be seen. */
  failEdit(error: AlcoveError, messageId: string, text: string): void {
    this.#edited = { messageId, text };
    this.#giveBack(text);
    this.error = error;
  }

  /** @param policy what to do when there is no room; default: what is set */
  async send(text: string, policy?: CompactionChoice): Promise<void> {
    const { drafts, onSend } = this.#surroundings;
    const composer = this.#surroundings.composer();
    const session = this.#surroundings.session();
    if (composer === undefined || session === undefined) return;
    this.error = undefined;
    this.#edited = undefined;
    composer.draft = '';
    drafts.save();
    onSend();
    try {
      await session.generation.send(text, policy);
    } catch (error) {
      // Nothing was changed.
      this.#giveBack(text);
      this.#fail(error);
    }
  }

  /** The last answer failed because the chat is longer than the model can read. */
  askForRoom(): void {
    const { chat } = this.#surroundings.session()?.state ?? {};
    const last = chat?.activeLeafId === undefined ? undefined : chat.messages.get(chat.activeLeafId);
    this.#fullMessageId = last?.id;
    this.error = last?.error;
  }

  render(): TemplateResult | typeof nothing {
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
      @alcove-compact=${this.#compactContext}
    ></alcove-context-full-dialog>`;
  }

  readonly #dismiss = (): void => {
    this.forget();
    this.#surroundings.composer()?.focus();
  };

  /** Goes on with what had no room: an answer that failed, or what stands in the composer. */
  readonly #compactContext = async ({ choice, isLasting }: CompactEvent): Promise<void> => {
    const fullMessageId = this.#fullMessageId;
    const edited = this.#edited;
    const session = this.#surroundings.session();
    this.forget();
    if (session === undefined || choice === undefined) return;
    const { chat } = session.state;
    if (isLasting && chat !== undefined) {
      void session.settings.setForChat(chat, { ...chat.settings, contextPolicy: choice });
    }
    try {
      if (edited !== undefined) {
        this.#takeBack(edited.text);
        await session.generation.edit(edited.messageId, edited.text, choice);
      } else if (fullMessageId === undefined) await this.send(this.#surroundings.composer()?.draft ?? '', choice);
      else await session.generation.compact(fullMessageId, choice);
    } catch (error) {
      this.#fail(error);
    }
  };

  /** What was typed comes back, before what has been typed since. */
  #giveBack(text: string): void {
    const composer = this.#surroundings.composer();
    if (composer === undefined) return;
    composer.draft = composer.draft === '' ? text : `${text}\n${composer.draft}`;
    this.#surroundings.drafts.save();
  }

  #takeBack(text: string): void {
    const composer = this.#surroundings.composer();
    if (composer === undefined || !composer.draft.startsWith(text)) return;
    composer.draft = composer.draft.slice(text.length).trimStart();
    this.#surroundings.drafts.save();
  }

  #fail(error: unknown): void {
    if (!isAbortError(error)) this.error = toAlcoveError(error);
  }
}
