import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { profileOf } from '../../../models/engines/engine-profiles.ts';
import { canRun } from '../../../models/fit/fit-result.ts';
import { type WindowChoice, windowChoices } from '../../../models/fit/window-choices.ts';
import type { SessionState } from '../../../session/state/session-state.ts';
import { baseStyles } from '../../base/base.styles.ts';
import { panelStyles } from '../../base/panel.styles.ts';
import { quietButton, textButton } from '../../base/text-button.ts';
import type { SessionLike } from '../../contract/session-like.ts';
import { type Describable, describeError } from '../../errors/error-messages.ts';
import { customElement } from '../../lib/custom-element.ts';
import { formatBytes } from '../../lib/format.ts';
import { contextSize } from '../../models/context/context-size.ts';
import { selectedEntry } from '../../models/model-labels.ts';
import type { Composer } from '../composer.ts';
import type { EditedMessage } from './outgoing-message.ts';
import '../../base/icon.ts';

export type CompactionChoice = 'summarise' | 'fork';

/** A larger context window for the selected model. */
export interface LargerWindow {
  readonly contextWindow: number;
}

/** The user's choice when the context window is full; `undefined` to do nothing. */
export class CompactEvent extends Event {
  static readonly eventName = 'alcove-compact';
  readonly choice: CompactionChoice | LargerWindow | undefined;
  /** Apply the choice in this chat from now on, without asking. */
  readonly isLasting: boolean;

  constructor(choice: CompactionChoice | LargerWindow | undefined, isLasting: boolean) {
    super(CompactEvent.eventName);
    this.choice = choice;
    this.isLasting = isLasting;
  }
}

/** What did not fit: an edited question, the answer that failed for it, or, if neither, the text in the composer. */
interface FullContext {
  readonly edited: EditedMessage | undefined;
  readonly messageId: string | undefined;
}

interface ComposerContext {
  readonly composer: Composer | undefined;
  /** Saves the draft. */
  readonly save: () => void;
  readonly send: (text: string, choice?: CompactionChoice) => Promise<void>;
}

/** Continues after the user's choice. @throws AlcoveError as the call that is repeated does */
export async function continueAfter(
  { choice, isLasting }: CompactEvent,
  session: SessionLike,
  { edited, messageId }: FullContext,
  { composer, save, send }: ComposerContext,
): Promise<void> {
  const { chat, selectedModelId } = session.state;
  if (choice === undefined) return;
  const policy = typeof choice === 'object' ? undefined : choice;
  if (typeof choice === 'object' && selectedModelId !== undefined) {
    await session.models.setContextWindow(selectedModelId, choice.contextWindow);
  }
  if (isLasting && policy !== undefined && chat !== undefined) {
    void session.settings.setForChat(chat, { ...chat.settings, contextPolicy: policy });
  }
  if (edited === undefined) {
    if (messageId === undefined) await send(composer?.draft ?? '', policy);
    else if (policy === undefined) await session.generation.regenerate(messageId);
    else await session.generation.compact(messageId, policy);
    return;
  }
  // The edited message was put into the composer.
  if (composer?.draft.startsWith(edited.text)) {
    composer.draft = composer.draft.slice(edited.text.length).trimStart();
    composer.attached = composer.attached.filter((part) => !edited.attached.includes(part));
    save();
  }
  await session.generation.edit(edited.messageId, edited.text, policy);
}

/** Twice the model's window, or what there is above it, where the device is sure to have the memory. */
function largerWindow(state: SessionState): WindowChoice | undefined {
  const entry = selectedEntry(state);
  const engine = entry && profileOf(entry.record).local;
  if (entry === undefined || engine === undefined || state.device === undefined || !canRun(entry.fit)) return undefined;
  const { contextWindow } = entry.fit.estimate;
  const larger = windowChoices(entry.record, engine, state.device).choices.filter(
    ({ tokens, fit }) => tokens > contextWindow && fit !== 'doubtful',
  );
  return larger.find(({ tokens }) => tokens >= 2 * contextWindow) ?? larger.at(-1);
}

/**
 * @summary Asks what to do when a chat exceeds the model's context window. Nothing is left out without asking.
 * @event alcove-compact
 */
@customElement('alcove-context-full-dialog')
export class ContextFullDialog extends LitElement {
  static override readonly styles = [
    baseStyles,
    panelStyles,
    css`
      section {
        display: grid;
        gap: 10px;
        padding: 14px 16px;
        border: 1px solid var(--_border);
        border-radius: var(--_radius-large);
        background: var(--_surface-raised);
        font-size: var(--_text-s);
        line-height: 1.5;
      }

      ul {
        display: grid;
        gap: 8px;
      }

      li {
        display: grid;
        gap: 2px;
        justify-items: start;
      }

      .always {
        display: flex;
        align-items: center;
        gap: 10px;
        min-block-size: 32px;
        cursor: pointer;
      }
    `,
  ];

  @property({ attribute: false }) error: Describable | undefined;

  @property({ attribute: false }) state: SessionState | undefined;

  #choose(choice: CompactionChoice | LargerWindow | undefined): void {
    const isLasting = this.renderRoot.querySelector<HTMLInputElement>('input')?.checked ?? false;
    this.dispatchEvent(new CompactEvent(choice, isLasting));
  }

  #renderLarger({ tokens, memoryBytes }: WindowChoice): TemplateResult {
    return html`<li>
      ${textButton(msg(str`Use a larger context window: ${contextSize(tokens)}`), () => this.#choose({ contextWindow: tokens }))}
      <span class="muted">${msg(str`The model is loaded again, with ${formatBytes(memoryBytes)} of memory.`)}</span>
    </li>`;
  }

  override render(): TemplateResult | typeof nothing {
    if (this.error === undefined) return nothing;
    const { title, meaning } = describeError(this.error);
    const larger = this.state && largerWindow(this.state);
    return html`<section role="alertdialog" aria-label=${title}>
      <h2>${title}</h2>
      <p>${meaning}</p>
      <ul>
        <li>
          ${textButton(msg('Summarise the oldest part'), () => this.#choose('summarise'), 'primary')}
          <span class="muted">
            ${msg('The model writes notes, shown in the chat, and reads them instead. Your messages stay where they are.')}
          </span>
        </li>
        <li>
          ${textButton(msg('Continue in a new chat with a summary'), () => this.#choose('fork'))}
          <span class="muted">${msg('This chat stays unchanged.')}</span>
        </li>
        ${larger === undefined ? nothing : this.#renderLarger(larger)}
      </ul>
      <label class="always"><input type="checkbox" />${msg('Always do this in this chat')}</label>
      <div>
        ${quietButton(msg('Not now'), () => this.#choose(undefined))}
      </div>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-context-full-dialog': ContextFullDialog;
  }
  interface HTMLElementEventMap {
    'alcove-compact': CompactEvent;
  }
}
