import { msg } from '@lit/localize';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { ModelGroup } from '../../models/catalogue/browse.ts';
import type { ModelEntry } from '../../session/state/session-state.ts';
import { baseStyles } from '../base/base.styles.ts';
import { textButton } from '../base/text-button.ts';
import { ModelActionEvent } from '../contract/events.ts';
import { ErrorMessagesController } from '../errors/error-messages-controller.ts';
import { customElement } from '../lib/custom-element.ts';
import { fitLabel } from './fit-labels.ts';
import { modelFacts, variantFacts } from './model-facts.ts';
import './download-progress.ts';

/**
 * @summary Compares up to three models side by side, fact by fact, with the download of each.
 * @event alcove-model-action Cancelable.
 */
@customElement('alcove-model-comparison')
export class ModelComparison extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        container-type: inline-size;
      }

      table {
        inline-size: 100%;
        table-layout: fixed;
        border-collapse: collapse;
        font-size: var(--_text-s);
      }

      th,
      td {
        padding-block: 8px;
        padding-inline: 0 12px;
        border-block-end: 1px solid var(--_border);
        text-align: start;
        vertical-align: top;
      }

      thead th {
        font-weight: 650;
      }

      td {
        overflow-wrap: anywhere;
      }

      tbody th {
        color: var(--_text-muted);
        font-weight: 400;
      }

      /* On a narrow screen the name of each fact is above its values. */
      @container (max-inline-size: 32em) {
        tr {
          display: grid;
          grid-template-columns: repeat(2, 1fr);
          gap: 2px 10px;
          padding-block: 6px;
          border-block-end: 1px solid var(--_border);
        }

        .three tr {
          grid-template-columns: repeat(3, 1fr);
        }

        th,
        td {
          padding: 0;
          border: 0;
          font-size: var(--_text-xs);
        }

        thead td {
          display: none;
        }

        tbody th {
          grid-column: 1 / -1;
        }
      }
    `,
  ];

  @property({ attribute: false }) groups: readonly ModelGroup<ModelEntry>[] = [];

  readonly #errorMessages = new ErrorMessagesController(this);

  override render(): TemplateResult {
    const columns = this.groups.map(({ best, abilities }) => {
      const { title, reason } = fitLabel(best.fit, this.#errorMessages, best.record.contextWindow);
      return new Map([
        [msg('On this device'), reason === '' ? title : `${title} · ${reason}`],
        ...[...modelFacts(best.record, abilities), ...variantFacts(best.record)].map(
          ({ name, value }) => [name, value] as const,
        ),
        [msg('Licence'), best.record.licence.name],
        ...(best.record.licence.forbids === undefined
          ? []
          : [[msg('Not allowed:'), best.record.licence.forbids] as const]),
      ]);
    });
    const names = [...new Set(columns.flatMap((column) => [...column.keys()]))];
    return html`<table class=${this.groups.length > 2 ? 'three' : 'two'}>
      <caption class="visually-hidden">${msg('Compare models')}</caption>
      <thead>
        <tr>
          <td></td>
          ${this.groups.map(({ best }) => html`<th scope="col">${best.record.name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${names.map(
          (name) => html`<tr>
            <th scope="row">${name}</th>
            ${columns.map((column) => html`<td>${column.get(name) ?? '–'}</td>`)}
          </tr>`,
        )}
        <tr class="actions">
          <th scope="row"><span class="visually-hidden">${msg('Download')}</span></th>
          ${this.groups.map(({ best }) => html`<td>${this.#renderAction(best)}</td>`)}
        </tr>
      </tbody>
    </table>`;
  }

  #renderAction(entry: ModelEntry): TemplateResult {
    if (entry.weights.status !== 'stored') return html`<alcove-download quiet .entry=${entry}></alcove-download>`;
    return textButton(msg('Start chatting'), () => {
      this.dispatchEvent(new ModelActionEvent('chat', entry.record.id));
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-model-comparison': ModelComparison;
  }
}
