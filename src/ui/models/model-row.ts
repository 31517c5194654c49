import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { ModelGroup } from '../../models/catalogue/browse.ts';
import type { ModelEntry } from '../../session/state/session-state.ts';
import { formatParameters } from '../lib/format.ts';
import { plural } from '../lib/plural.ts';
import { renderFitBadge } from './fit-badge.ts';
import type { FitLabel } from './fit-labels.ts';
import { isChecked } from './model-filters.ts';
import { hasWeights, sizeLabel } from './model-labels.ts';
import '../base/icon.ts';

export interface RowState {
  readonly index: number;
  readonly fitLabel: FitLabel;
  readonly isCompared: boolean;
}

export interface RowEvents {
  onOpen(modelId: string): void;
  onCompare(key: string, isOn: boolean): void;
  onDownload(modelId: string): void;
}

export function renderRow(
  group: ModelGroup<ModelEntry>,
  { index, fitLabel, isCompared }: RowState,
  { onOpen, onCompare, onDownload }: RowEvents,
): TemplateResult {
  const { record, fit } = group.best;
  const facts = [record.maker, formatParameters(record.parameterCount), sizeLabel(record), record.licence.name];
  const body = html`<div class="head">
      <button type="button" class="name" @click=${() => onOpen(record.id)}>${record.name}</button>
      <label class="check compare">
        <input
          type="checkbox"
          aria-label=${msg(str`Compare ${record.name}`)}
          .checked=${isCompared}
          @change=${(event: Event) => onCompare(group.key, isChecked(event))}
        />
        <span aria-hidden="true">${msg('Compare')}</span>
      </label>
    </div>
    <p class="facts">${facts.filter((fact) => fact !== undefined).join(' · ')}</p>
    ${renderFitBadge(fitLabel)}`;
  const variants = plural(group.variants.length, msg('one: # variant | other: # variants'));
  // A model with weights has its card in a section above.
  return html`<div role="listitem" class="row" data-index=${index}>
    ${
      group.variants.some(hasWeights)
        ? html`<div class="model">
          ${body}
          <p class="muted small">${msg('On this device')} · ${variants}</p>
        </div>`
        : html`<article class="model" aria-label=${record.name}>
          ${body}
          <div class="actions">
            ${
              // The page of a model that is too slow asks before it is downloaded.
              fit.status === 'cannot-run' || fit.status === 'too-slow'
                ? nothing
                : html`<button type="button" class="button" @click=${() => onDownload(record.id)}>
                  <alcove-icon name="download"></alcove-icon>${msg('Download')}
                  <span class="visually-hidden">${record.name}</span>
                </button>`
            }
            <span class="muted small">${variants}</span>
          </div>
        </article>`
    }
  </div>`;
}
