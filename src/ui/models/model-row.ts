import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { ModelGroup } from '../../models/catalogue/browse.ts';
import type { ModelEntry } from '../../session/state/session-state.ts';
import { chipLabels, originLabels, purposeLabel } from './catalogue-notes.ts';
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

/** A model in three lines: its name and abilities; what it is for and whose it is; how it runs here. Beside them its actions. */
export function renderRow(
  group: ModelGroup<ModelEntry>,
  { index, fitLabel, isCompared }: RowState,
  { onOpen, onCompare, onDownload }: RowEvents,
): TemplateResult {
  const { record } = group.best;
  // A model with weights has its card, an article, in a section above.
  const isStored = group.variants.some(hasWeights);
  return html`<div role="listitem" class="row" data-index=${index}>
    <div class="model" role=${isStored ? nothing : 'article'} aria-label=${isStored ? nothing : record.name}>
      <div class="head">
        <button type="button" class="name" @click=${() => onOpen(record.id)}>${record.name}</button>
        <p class="chips">
          ${chipLabels(record, group.abilities).map((label) => html`<span class="chip">${label}</span> `)}
        </p>
      </div>
      <p class="purpose">
        <span dir="auto">${purposeLabel(record)}</span>${originLabels(record).map((label) => html`<span class="muted"> · ${label}</span>`)}
      </p>
      ${renderFitBadge(fitLabel)}
      <div class="actions">
        <label class="check compare">
          <input
            type="checkbox"
            aria-label=${msg(str`Compare ${record.name}`)}
            .checked=${isCompared}
            @change=${(event: Event) => onCompare(group.key, isChecked(event))}
          />
          <span aria-hidden="true">${msg('Compare')}</span>
        </label>
        ${
          isStored
            ? html`<span class="stored"><alcove-icon name="check"></alcove-icon>${msg('On this device')}</span>`
            : renderDownload(group.best, onDownload)
        }
      </div>
    </div>
  </div>`;
}

function renderDownload(
  { record, fit }: ModelEntry,
  onDownload: RowEvents['onDownload'],
): TemplateResult | typeof nothing {
  // The page of a model that is too slow asks before it is downloaded.
  if (fit.status === 'cannot-run' || fit.status === 'too-slow') return nothing;
  const size = sizeLabel(record);
  return html`<button type="button" class="button" @click=${() => onDownload(record.id)}>
    <alcove-icon name="download"></alcove-icon>
    <span class=${size === undefined ? '' : 'visually-hidden'}>${msg('Download')}</span>${size}
    <span class="visually-hidden">${record.name}</span>
  </button>`;
}
