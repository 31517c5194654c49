import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Message } from '../../../chat/conversation.ts';
import { textOf } from '../../../chat/message-parts.ts';
import { passagesRead } from '../../../chat/prompt/read-passages.ts';
import { findModel } from '../../../session/state/find-model.ts';
import type { SessionState } from '../../../session/state/session-state.ts';
import { baseStyles } from '../../base/base.styles.ts';
import { textButton } from '../../base/text-button.ts';
import { MessageActionEvent, ModelActionEvent } from '../../contract/events.ts';
import type { SessionLike } from '../../contract/session-like.ts';
import { customElement } from '../../lib/custom-element.ts';
import { FocusRestoreController } from '../../lib/focus-restore-controller.ts';
import { canAnswer } from '../../models/menu/picker-items.ts';
import { isTestedIn, modelName, waitingFor } from '../answer-status.ts';
import { speedOf } from '../statistics.ts';
import '../message-view.ts';

/**
 * @summary The answers of several models to one message, each signed with its model: beside each other where the chat is wide
 *   enough, else one below the other. The user keeps one of them.
 * @event alcove-message-action `keep` or `stop`.
 * @event alcove-model-action `select`, of the model whose answer is kept.
 */
@customElement('alcove-compared-answers')
export class ComparedAnswers extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      .answers {
        display: grid;
        gap: 16px;
      }

      section {
        display: grid;
        grid-template-rows: 1fr auto;
        grid-template-columns: minmax(0, 1fr);
        padding: 14px 16px 12px;
        border: 1px solid var(--_border);
        border-radius: var(--_radius-large);
      }

      footer {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 8px;
        min-block-size: 40px;
        color: var(--_text-muted);
        font-size: var(--_text-xs);
      }

      .next {
        margin-block-start: 12px;
        color: var(--_text-muted);
        font-size: var(--_text-xs);
        text-align: center;
      }

      /* As wide as a chat with its settings beside it (panel-controller.ts): an app of 1,100 px with its sidebar. */
      @container (min-width: 47em) {
        .answers {
          --_width: min(100cqi - 80px, var(--_count) * 34 * var(--_rem));
          grid-template-columns: repeat(auto-fit, minmax(min(100%, 19 * var(--_rem)), 1fr));
          inline-size: var(--_width);
          margin-inline: calc((100% - var(--_width)) / 2);
        }

        .two {
          --_count: 2;
        }

        .three {
          --_count: 3;
        }
      }
    `,
  ];

  /** Replaced with every change, which updates the answers. */
  @property({ attribute: false }) state: SessionState | undefined;

  @property({ attribute: false }) answers: readonly Message[] = [];

  /** The path to the question, with it: its answers can quote what earlier ones have read. */
  @property({ attribute: false }) earlier: readonly Message[] = [];

  /** Reads the documents of the chat. */
  @property({ attribute: false }) documents: SessionLike['chats']['documents'] | undefined;

  /** The user can read the answers, and not continue from one. */
  @property({ type: Boolean }) readonly = false;

  constructor() {
    super();
    // "Stop" disappears when it is pressed.
    new FocusRestoreController(this, 'button');
  }

  override render(): TemplateResult | typeof nothing {
    const { state, answers } = this;
    if (state === undefined) return nothing;
    const next = answers.find(({ id }) => id === state.chat?.activeLeafId);
    const isWritten = answers.some(({ status }) => status === 'streaming');
    return html`<div class="answers ${answers.length === 2 ? 'two' : 'three'}">
        ${repeat(
          answers,
          ({ id }) => id,
          (answer) => this.#renderAnswer(answer, state),
        )}
      </div>
      ${
        isWritten || this.readonly || next === undefined
          ? nothing
          : html`<p class="next">${msg(str`Your next message follows the answer of ${modelName(state, next) ?? msg('Model')}, unless you keep another one.`)}</p>`
      }`;
  }

  #renderAnswer(answer: Message, state: SessionState): TemplateResult {
    const name = modelName(state, answer);
    return html`<section role="group" aria-label=${name ?? msg('Model')}>
      <alcove-message
        exportparts="message, assistant, markdown, statistics"
        data-id=${answer.id}
        .message=${answer}
        .modelName=${name}
        .waiting=${waitingFor(state, answer)}
        ?testing=${isTestedIn(state, answer)}
        .question=${state.toolQuestion}
        .passages=${passagesRead([...this.earlier, answer])}
        .documents=${this.documents}
        readonly
      ></alcove-message>
      <footer>
        <span class="numbers">${speedOf(answer.statistics)}</span>
        ${this.readonly ? nothing : this.#renderChoice(answer)}
      </footer>
    </section>`;
  }

  #renderChoice(answer: Message): TemplateResult | typeof nothing {
    const act = (action: 'keep' | 'stop'): void => {
      this.dispatchEvent(new MessageActionEvent(action, answer.id));
    };
    if (answer.status === 'streaming') return textButton(msg('Stop'), () => act('stop'));
    return textOf(answer) === '' ? nothing : textButton(msg('Keep this one'), () => this.#keep(answer, act));
  }

  /** The chat continues with the model too. */
  #keep({ modelId }: Message, act: (action: 'keep') => void): void {
    const entry = this.state && findModel(this.state, modelId);
    if (entry !== undefined && canAnswer(entry)) this.dispatchEvent(new ModelActionEvent('select', entry.record.id));
    act('keep');
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-compared-answers': ComparedAnswers;
  }
}
