import { msg, str } from '@lit/localize';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import {
  type BrowseQuery,
  choices,
  EVERYTHING,
  groupModels,
  type ModelGroup,
  matches,
  type Sort,
  searchWords,
  sortGroups,
} from '../../models/catalogue/browse.ts';
import { isExternal } from '../../models/model-record.ts';
import type { ModelEntry, SessionState } from '../../session/state/session-state.ts';
import { baseStyles } from '../base/base.styles.ts';
import { quietButton } from '../base/text-button.ts';
import { ModelActionEvent } from '../contract/events.ts';
import { type ModelsPlace, ModelsPlaceEvent } from '../contract/models-place.ts';
import { ErrorMessagesController } from '../errors/error-messages-controller.ts';
import { customElement } from '../lib/custom-element.ts';
import { plural } from '../lib/plural.ts';
import { pressedKey } from '../lib/pressed-key.ts';
import { measureButton } from '../privacy/device-speed.ts';
import { fitBadgeStyles } from './fit-badge.ts';
import { shortFitLabel } from './fit-labels.ts';
import { modelBrowserStyles } from './model-browser.styles.ts';
import { renderFilters, renderSort } from './model-filters.ts';
import { isToy } from './model-labels.ts';
import { renderRow } from './model-row.ts';
import '../base/icon.ts';

type Group = ModelGroup<ModelEntry>;

/** Most models that fit side by side. */
const MOST_COMPARED = 3;

/**
 * @summary Lists all models, with a search field, filters and sorting. Up to three can be chosen to be compared.
 *
 * All rows stay in the page, and a search only hides or shows them, so that a keystroke stays cheap.
 * @event alcove-model-action Cancelable.
 * @event alcove-models-place The user opens the page of a model, or a comparison.
 */
@customElement('alcove-model-browser')
export class ModelBrowser extends LitElement {
  static override readonly styles = [baseStyles, fitBadgeStyles, modelBrowserStyles];

  @property({ attribute: false }) state: SessionState | undefined;

  @state() private query: BrowseQuery = EVERYTHING;
  /** The search text. Not reactive: a keystroke must not render the list. */
  #text = '';
  @state() private compared: readonly string[] = [];

  readonly #errorMessages = new ErrorMessagesController(this);
  #entries: SessionState['models'] | undefined;
  #hasTools = false;
  #groups: readonly Group[] = [];
  #sorted: readonly Group[] = [];
  #sortedBy: Sort | undefined;
  #choices = choices(this.#groups);

  protected override willUpdate(): void {
    const entries = this.state?.models ?? [];
    const hasTools = (this.state?.tools.length ?? 0) > 0;
    const isSame = entries === this.#entries && hasTools === this.#hasTools;
    if (isSame && this.#sortedBy === this.query.sort) return;
    // A download changes the state five times a second; groups depend only on records and fits.
    if (hasTools !== this.#hasTools || !sameFits(entries, this.#entries)) {
      this.#groups = groupModels(
        entries.filter(({ record }) => !isToy(record) && !isExternal(record)),
        hasTools,
      );
      this.#choices = choices(this.#groups);
    } else this.#groups = this.#groups.map((group) => refresh(group, entries));
    this.#entries = entries;
    this.#hasTools = hasTools;
    this.#sortedBy = this.query.sort;
    this.#sorted = sortGroups(this.#groups, this.query.sort);
  }

  protected override updated(_changed: PropertyValues<this>): void {
    this.#filter();
  }

  /** Hides the rows that do not match, without a render. */
  #filter(): void {
    const searched = searchWords(this.#text);
    let shown = 0;
    for (const row of this.renderRoot.querySelectorAll<HTMLElement>('.row')) {
      const group = this.#sorted[Number(row.dataset['index'])];
      const isShown = group !== undefined && matches(group, this.query, searched);
      if (row.hidden === isShown) row.hidden = !isShown;
      if (isShown) shown++;
    }
    const count = this.renderRoot.querySelector('.count');
    if (count === null) return;
    count.textContent = plural(shown, msg('one: # model | other: # models'));
    this.renderRoot.querySelector<HTMLElement>('.none')?.toggleAttribute('hidden', shown > 0);
  }

  #search(text: string): void {
    this.#text = text;
    this.#filter();
  }

  #set(change: Partial<BrowseQuery>): void {
    this.query = { ...this.query, ...change };
  }

  #compare(key: string, isOn: boolean): void {
    this.compared = isOn
      ? [...this.compared, key].slice(-MOST_COMPARED)
      : this.compared.filter((other) => other !== key);
  }

  /** Focuses the name of a model, where the user returns from its page; else the button that opens the comparison. */
  focusModel(modelId: string | undefined): void {
    const index = this.#sorted.findIndex(({ variants }) => variants.some(({ record }) => record.id === modelId));
    const target = index === -1 ? '.compared .button' : `.row[data-index="${index}"] .name`;
    this.#part(target)?.focus();
  }

  #go(place: ModelsPlace): void {
    this.dispatchEvent(new ModelsPlaceEvent(place));
  }

  #part(selector: string): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(selector);
  }

  /** Arrow up and down move between rows. */
  #onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[pressedKey(event) ?? ''];
    if (step === undefined || !(event.target instanceof HTMLElement) || event.target.matches('select')) return;
    const names = [...this.renderRoot.querySelectorAll<HTMLElement>('.row:not([hidden]) .name')];
    const row = event.target.closest('.row');
    const at = row === null ? -1 : names.findIndex((name) => row.contains(name));
    const next = at === -1 && step === -1 ? undefined : names[at + step];
    if (next === undefined && at + step >= 0) return;
    event.preventDefault();
    if (next === undefined) this.#part('input[type="search"]')?.focus();
    else next.focus();
  }

  override render(): TemplateResult | typeof nothing {
    const { state } = this;
    if (state === undefined) return nothing;
    const onChange = (change: Partial<BrowseQuery>): void => this.#set(change);
    const compared = this.#groups.filter(({ key }) => this.compared.includes(key));
    return html`<div class="list" @keydown=${this.#onKeyDown}>
      ${renderFilters(this.query, this.#choices, {
        onSearch: (text) => this.#search(text),
        onChange,
      })}
      ${this.#renderComparedBar(compared)}
      <div class="line">
        <p class="small muted count" role="status"></p>
        ${state.device === undefined ? nothing : measureButton(state.deviceCheck, () => this.dispatchEvent(new ModelActionEvent('measure', '')))}
        ${renderSort(this.query, { onChange })}
      </div>
      <div class="rows" role="list" aria-label=${msg('Models')}>
        ${repeat(
          this.#sorted,
          ({ key }) => key,
          (group, index) =>
            guard(
              [
                group.best.fit,
                group.best.weights.status,
                index,
                this.compared.includes(group.key),
                this.#errorMessages.isLoaded,
                msg('Chat'),
              ],
              () => this.#renderRow(group, index),
            ),
        )}
      </div>
      <p class="none" hidden>
        ${msg('No matching models.')}
        ${quietButton(msg('Show all'), () => this.#reset())}
      </p>
    </div>`;
  }

  #reset(): void {
    const input = this.#part('input[type="search"]');
    if (input instanceof HTMLInputElement) input.value = '';
    this.#text = '';
    this.query = { ...EVERYTHING };
  }

  #renderComparedBar(compared: readonly Group[]): TemplateResult | typeof nothing {
    if (compared.length === 0) return nothing;
    return html`<div class="compared">
      <span class="small">${compared.map(({ best }) => best.record.name).join(', ')}</span>
      <button
        type="button"
        class="button"
        ?disabled=${compared.length < 2}
        @click=${() => this.#go({ at: 'comparison', modelIds: compared.map(({ best }) => best.record.id) })}
      >
        ${compared.length < 2 ? msg('Choose another to compare') : msg(str`Compare ${compared.length}`)}
      </button>
      ${quietButton(msg('Clear'), () => {
        this.compared = [];
      })}
    </div>`;
  }

  #renderRow(group: Group, index: number): TemplateResult {
    const { fit } = group.best;
    const label = shortFitLabel(fit, this.#errorMessages);
    return renderRow(
      group,
      { index, fitLabel: label, isCompared: this.compared.includes(group.key) },
      {
        onOpen: (modelId) => this.#go({ at: 'model', modelId }),
        onCompare: (key, isOn) => this.#compare(key, isOn),
        onDownload: (modelId) => this.dispatchEvent(new ModelActionEvent('download', modelId)),
      },
    );
  }
}

function sameFits(a: readonly ModelEntry[], b: readonly ModelEntry[] | undefined): boolean {
  return (
    b !== undefined &&
    a.length === b.length &&
    a.every((entry, index) => entry.fit === b[index]?.fit && entry.record === b[index]?.record)
  );
}

/** The same group with the current state of its models' weights. */
function refresh(group: Group, entries: readonly ModelEntry[]): Group {
  const now = (entry: ModelEntry): ModelEntry => entries.find(({ record }) => record === entry.record) ?? entry;
  const variants = group.variants.map(now);
  return { ...group, variants, best: variants[group.variants.indexOf(group.best)] ?? group.best };
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-model-browser': ModelBrowser;
  }
}
