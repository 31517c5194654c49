import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { indented } from '../../../chat/answer-pieces.ts';
import type { ToolCallPart, ToolResultPart } from '../../../chat/message-parts.ts';
import type { ToolAnswer } from '../../../session/generation/tools/tool-runner.ts';
import { baseStyles } from '../../base/base.styles.ts';
import { ToolAnswerEvent } from '../../contract/events.ts';
import { customElement } from '../../lib/custom-element.ts';
import { partLabel } from '../../lib/part-label.ts';
import { plural } from '../../lib/plural.ts';
import { toolQuestionLabel } from './tool-labels.ts';
import '../../base/icon.ts';

/**
 * @summary A model's call of a tool, folded to one line with its state. Opened, it shows arguments and result. While the
 *   user is asked whether the tool may run, it is open, with the question below.
 * @event alcove-tool-answer
 */
@customElement('alcove-tool-call')
export class ToolCallView extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        display: block;
        margin-block: 6px;
        font-size: var(--_text-s);
      }

      details,
      .question {
        padding: 4px 12px;
        border: 1px solid var(--_border);
        border-radius: var(--_radius);
      }

      summary {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 10px;
        padding-block: 4px;
        border-radius: 4px;
        color: var(--_text-muted);
        cursor: pointer;
        list-style: none;
      }

      summary:focus-visible {
        outline: 2px solid var(--_accent);
        outline-offset: 2px;
      }

      summary bdi {
        flex: 1;
        min-inline-size: 8em;
        overflow-wrap: anywhere;
      }

      [open] > summary alcove-icon:last-child {
        rotate: 180deg;
      }

      .failed {
        color: var(--_danger);
      }

      dt {
        margin-block-start: 4px;
        color: var(--_text-muted);
        font-size: var(--_text-xs);
      }

      pre {
        overflow: auto;
        max-block-size: 16em;
        margin: 2px 0 6px;
        padding: 8px 10px;
        border-radius: 6px;
        background: var(--_surface-sunken);
        font-family: var(--_font-mono);
        font-size: var(--_text-xs);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }

      pre:focus-visible {
        outline: 2px solid var(--_accent);
      }

      .question {
        margin-block-start: 6px;
        padding-block: 10px;
        border-color: var(--_accent);
        background: var(--_accent-soft);
      }

      .question p {
        margin-block-end: 8px;
      }

      @media (pointer: coarse) {
        summary {
          padding-block: 10px;
        }
      }
    `,
  ];

  @property({ attribute: false }) call: ToolCallPart | undefined;

  @property({ attribute: false }) result: ToolResultPart | undefined;

  /** The answer is being written: the call may still run. */
  @property({ type: Boolean }) active = false;

  /** The user is asked whether the tool may run. */
  @property({ type: Boolean }) asked = false;

  @state() private isOpen = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    // The user reads the arguments before the answer.
    if (changed.has('asked')) this.isOpen = this.asked;
  }

  #onToggle(event: Event): void {
    this.isOpen = event.target instanceof HTMLDetailsElement && event.target.open;
  }

  #answer(call: ToolCallPart, answer: ToolAnswer): void {
    // The pressed button disappears.
    this.renderRoot.querySelector<HTMLElement>('summary')?.focus();
    this.dispatchEvent(new ToolAnswerEvent(call.id, answer));
  }

  override render(): TemplateResult | typeof nothing {
    const { call } = this;
    if (call === undefined) return nothing;
    return html`<details ?open=${this.isOpen} @toggle=${this.#onToggle}>
        <summary>
          <alcove-icon name="tool"></alcove-icon>
          <bdi>${partLabel(call)}</bdi>
          <span class=${call.state}>${this.#stateLabel(call)}</span>
          <alcove-icon name="chevron-down"></alcove-icon>
        </summary>
        ${this.isOpen ? this.#renderContents(call) : nothing}
      </details>
      ${this.asked ? this.#renderQuestion(call) : nothing}`;
  }

  #stateLabel({ state: callState }: ToolCallPart): string {
    switch (callState) {
      case 'complete':
        return msg('Done');
      case 'failed':
        return msg('Failed');
      case 'declined':
        return msg('Declined');
      case 'running':
        return this.active ? msg('Running…') : msg('Not finished');
      case 'pending':
        if (this.asked) return msg('Waiting for you');
        return this.active ? msg('Waiting…') : msg('Not finished');
    }
  }

  #renderContents({ argumentsJson }: ToolCallPart): TemplateResult {
    const { result } = this;
    const omitted = result?.omittedCharacters;
    return html`<dl>
      <dt>${msg('Arguments')}</dt>
      <dd>${renderText(indented(argumentsJson), msg('Arguments'))}</dd>
      ${
        result === undefined
          ? nothing
          : html`<dt>${msg('Result')}</dt>
            <dd>${renderText(indented(result.content), msg('Result'))}</dd>`
      }
      ${
        omitted === undefined
          ? nothing
          : html`<dd class="muted">${plural(
              omitted,
              msg(
                'one: Too long for the model: # more character was left out. | other: Too long for the model: # more characters were left out.',
              ),
            )}</dd>`
      }
    </dl>`;
  }

  #renderQuestion(call: ToolCallPart): TemplateResult {
    const button = (answer: ToolAnswer, label: string, classes = ''): TemplateResult =>
      html`<button type="button" class="button ${classes}" @click=${() => this.#answer(call, answer)}>${label}</button>`;
    const question = toolQuestionLabel(call.name);
    return html`<div class="question" role="group" aria-label=${question}>
      <p>${question}</p>
      <div class="controls">
        ${button('once', msg('Allow once'), 'primary')} ${button('always-in-chat', msg('Always in this chat'))}
        ${button('never', msg('Don’t allow'))}
      </div>
    </div>`;
  }
}

/** Scrolls where it is long, which the keyboard can only do where it is focused. */
function renderText(text: string, label: string): TemplateResult {
  return html`<pre tabindex="0" role="region" aria-label=${label} dir="auto">${text}</pre>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-tool-call': ToolCallView;
  }
}
