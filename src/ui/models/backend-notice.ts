import { msg, str } from '@lit/localize';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { ENGINE_PROFILES } from '../../models/engines/engine-profiles.ts';
import { findModel } from '../../session/state/find-model.ts';
import type { BackendChange, CrashQuestion, RuntimeState, SessionState } from '../../session/state/session-state.ts';
import { baseStyles } from '../base/base.styles.ts';
import { iconButton } from '../base/icon-button.ts';
import { quietButton, textButton } from '../base/text-button.ts';
import { PanelEvent } from '../contract/events.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { customElement } from '../lib/custom-element.ts';
import { formatDateTime } from '../lib/format.ts';
import { backendStyles } from './backend.styles.ts';
import { backendLabel, failureLabel } from './backend-labels.ts';
import { sizeLabel } from './model-labels.ts';
import '../base/icon.ts';

type OtherTab = NonNullable<RuntimeState['otherTab']>;

/**
 * @summary Says that the model runs on another backend now, and why, with a button to return. Or asks whether to load a
 *   model again whose last load crashed the page, or to replace a tab that does not answer.
 * @event alcove-panel
 */
@customElement('alcove-backend-notice')
export class BackendNotice extends LitElement {
  static override readonly styles = [baseStyles, backendStyles];

  @property({ attribute: false }) session: SessionLike | undefined;

  /** Replaced with every change, which updates the notice. */
  @property({ attribute: false }) state: SessionState | undefined;

  override render(): TemplateResult | typeof nothing {
    const { session, state } = this;
    if (session === undefined || state === undefined) return nothing;
    const { question, change, otherTab } = state.runtime;
    if (otherTab !== undefined) return this.#renderOtherTab(otherTab, session);
    if (question !== undefined) return this.#renderQuestion(question, state, session);
    return change === undefined ? nothing : this.#renderChange(change, state, session);
  }

  #renderQuestion(question: CrashQuestion, state: SessionState, { backends }: SessionLike): TemplateResult {
    const { otherBackend, startedAt } = question;
    return html`<section class="box" role="alert" aria-label=${msg('A load that crashed the page')}>
      <alcove-icon name="alert"></alcove-icon>
      <strong>${msg(str`The page crashed while ${nameOf(state, question.modelId)} was loading`)}</strong>
      <p>
        ${msg(str`That was on ${formatDateTime(startedAt)}, ${decapitalized(backendLabel(question))}. The usual reason is too little memory. It is not loaded again unless you say so.`)}
      </p>
      <div class="actions">
        ${
          otherBackend === undefined
            ? nothing
            : html`<button type="button" class="button primary" @click=${() => backends.answer('other-backend')}>
              ${msg(str`Load it ${decapitalized(backendLabel(otherBackend))}`)}
            </button>`
        }
        ${textButton(msg('Load again'), () => backends.answer('load'))}
        ${quietButton(msg('Choose another model'), () => this.dispatchEvent(new PanelEvent('models')))}
      </div>
    </section>`;
  }

  #renderOtherTab({ status }: OtherTab, { backends }: SessionLike): TemplateResult {
    const isSilent = status === 'silent';
    return html`<section class="box" role="alert" aria-label=${msg('The tab that runs the model')}>
      <alcove-icon name="alert"></alcove-icon>
      <strong>${isSilent ? msg('The tab that runs the model is not responding') : msg('Another tab runs another version of Alcove')}</strong>
      <p>
        ${
          isSilent
            ? msg(
                'All tabs share one model. The tab that runs it has not responded for 5 seconds. This tab can load the model itself; what the other tab is writing then stops.',
              )
            : msg(
                'All tabs share one model, but only among tabs of the same version. Close or reload the other tab, or load the model in this one.',
              )
        }
      </p>
      <div class="actions">${textButton(msg('Take over here'), () => backends.takeOver(), 'primary')}</div>
    </section>`;
  }

  #renderChange(change: BackendChange, state: SessionState, session: SessionLike): TemplateResult {
    const { backends } = session;
    const { from, to, error } = change;
    return html`<section class="box" role="status" aria-label=${msg('Backend of the model')} data-code=${error.code}>
      <alcove-icon name="info"></alcove-icon>
      <strong>${to === undefined ? msg('The model cannot run here at the moment') : backendLabel(to)}</strong>
      ${iconButton('close', msg('Got it'), () => backends.dismissChange())}
      <p>
        ${msg(str`${backendLabel(from)}: ${failureLabel(error)}`)}
        ${to === undefined ? msg('The answer so far is kept.') : msg('The model continues on this backend. The answer so far is kept.')}
      </p>
      <div class="actions">
        ${this.#renderOffer(change, state, session)}
        <button type="button" class="button" @click=${() => backends.tryAgain(change.modelId)}>
          ${ENGINE_PROFILES[from.engine].isOnGraphicsCard(from.backend) ? msg('Try the graphics card again') : msg('Try the previous backend again')}
        </button>
      </div>
    </section>`;
  }

  #renderOffer({ offer }: BackendChange, state: SessionState, session: SessionLike): TemplateResult | typeof nothing {
    const record = findModel(state, offer?.modelId)?.record;
    if (record === undefined) return nothing;
    const size = sizeLabel(record);
    return html`<button
      type="button"
      class="button primary"
      @click=${() => {
        void session.models.download(record.id).catch(() => {});
        session.models.select(record.id);
        void session.backends.dismissChange();
      }}
    >
      ${
        size === undefined
          ? msg('Download the variant that runs here')
          : msg(str`Download the variant that runs here (${size})`)
      }
    </button>`;
  }
}

function nameOf(state: SessionState, modelId: string): string {
  return findModel(state, modelId)?.record.name ?? modelId;
}

/** A label for use inside a sentence. */
function decapitalized(words: string): string {
  return words.charAt(0).toLocaleLowerCase() + words.slice(1);
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-backend-notice': BackendNotice;
  }
}
