import { msg, str } from '@lit/localize';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ModelEntry, SessionState } from '../app/session-state.ts';
import {
  type BrowseQuery,
  choices,
  EVERYTHING,
  groupModels,
  type ModelGroup,
  matches,
  SORTS,
  type Sort,
  searchWords,
  sortGroups,
} from '../models/browse.ts';
import { baseStyles } from './base.styles.ts';
import { ErrorWordsController } from './error-words-controller.ts';
import { ModelActionEvent } from './events.ts';
import { fitWords } from './fit-words.ts';
import { formatBytes, formatParameters } from './format.ts';
import { modelBrowserStyles } from './model-browser.styles.ts';
import { abilityWords, languageName } from './model-facts.ts';
import { hasWeights, isToy, sizeWords } from './model-words.ts';
import { plural } from './phrases.ts';
import './icon.ts';
import './model-comparison.ts';
import './model-page.ts';

type Group = ModelGroup<ModelEntry>;

const SIZES = [500_000_000, 1_000_000_000, 2_000_000_000, 4_000_000_000] as const;

/** More do not stand beside each other. */
const MOST_COMPARED = 3;

/**
 * @summary All models: searched as one types, filtered, sorted; each with a page of its own; up to three compared.
 *
 * All rows stay in the page and are hidden or shown: a key press costs no more than that.
 * @event alcove-model-action Cancelable.
 */
@customElement('alcove-model-browser')
export class ModelBrowser extends LitElement {
  static override readonly styles = [baseStyles, modelBrowserStyles];

  @property({ attribute: false }) state: SessionState | undefined;

  @state() private query: BrowseQuery = EVERYTHING;
  /** What is sought. Not a part of the state: a key press shall not render. */
  #text = '';
  /** The model whose page is open. */
  @state() private openKey: string | undefined;
  @state() private compared: readonly string[] = [];
  @state() private isComparing = false;

  readonly #words = new ErrorWordsController(this);
  #entries: SessionState['models'] | undefined;
  #groups: readonly Group[] = [];
  #sorted: readonly Group[] = [];
  #sortedBy: Sort | undefined;

  protected override willUpdate(): void {
    const entries = this.state?.models ?? [];
    if (entries === this.#entries && this.#sortedBy === this.query.sort) return;
    // A download tells of itself five times a second; the groups change with what fits, not with that.
    if (!sameFits(entries, this.#entries)) this.#groups = groupModels(entries.filter(({ record }) => !isToy(record)));
    else this.#groups = this.#groups.map((group) => refresh(group, entries));
    this.#entries = entries;
    this.#sortedBy = this.query.sort;
    this.#sorted = sortGroups(this.#groups, this.query.sort);
  }

  protected override updated(_changed: PropertyValues<this>): void {
    this.#filter();
  }

  /** Hides what is not sought, without a render. */
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

  #onSearch(event: Event): void {
    if (!(event.target instanceof HTMLInputElement)) return;
    this.#text = event.target.value;
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

  async #open(key: string | undefined): Promise<void> {
    const left = this.openKey;
    this.openKey = key;
    this.isComparing = false;
    await this.updateComplete;
    const target = key === undefined ? this.#row(left)?.querySelector<HTMLElement>('.name') : this.#part('.back');
    target?.focus();
    if (key !== undefined) this.scrollIntoView({ block: 'start' });
  }

  #part(selector: string): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(selector);
  }

  #row(key: string | undefined): HTMLElement | undefined {
    const index = this.#sorted.findIndex((group) => group.key === key);
    return this.#part(`.row[data-index="${index}"]`) ?? undefined;
  }

  /** Up and down from row to row. */
  #onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
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

  #onEscape(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || (this.openKey === undefined && !this.isComparing)) return;
    // The page behind would close with it.
    event.preventDefault();
    event.stopPropagation();
    void this.#open(undefined);
  }

  override render(): TemplateResult | typeof nothing {
    const { state } = this;
    if (state === undefined) return nothing;
    const open = this.#groups.find(({ key }) => key === this.openKey);
    const compared = this.#groups.filter(({ key }) => this.compared.includes(key));
    const isList = open === undefined && !this.isComparing;
    return html`<div @keydown=${this.#onEscape}>
      ${
        open !== undefined || this.isComparing
          ? html`<button type="button" class="button quiet back" @click=${() => this.#open(undefined)}>
            <alcove-icon name="chevron-left"></alcove-icon>${msg('All models')}
          </button>`
          : nothing
      }
      ${open === undefined ? nothing : html`<alcove-model-page .group=${open} .selectedId=${state.selectedModelId}></alcove-model-page>`}
      ${
        this.isComparing && open === undefined
          ? html`<alcove-model-comparison .groups=${compared}></alcove-model-comparison>`
          : nothing
      }
      <div class="list" ?hidden=${!isList} @keydown=${this.#onKeyDown}>
        ${this.#renderSearch()} ${this.#renderComparedBar(compared)}
        <div class="line">
          <p class="small muted count" role="status"></p>
          ${this.#renderMeasure(state)}
        </div>
        <div class="rows" role="list" aria-label=${msg('Models')}>
          ${repeat(
            this.#sorted,
            ({ key }) => key,
            (group, index) =>
              guard(
                [group.best.fit, group.best.weights.status, index, this.compared.includes(group.key), msg('Chat')],
                () => this.#renderRow(group, index),
              ),
          )}
        </div>
        <p class="none" hidden>
          ${msg('No model is like this.')}
          <button type="button" class="button quiet" @click=${() => this.#reset()}>${msg('Show all')}</button>
        </p>
      </div>
    </div>`;
  }

  #reset(): void {
    const input = this.#part('input[type="search"]');
    if (input instanceof HTMLInputElement) input.value = '';
    this.#text = '';
    this.query = { ...EVERYTHING };
  }

  #renderSearch(): TemplateResult {
    const { families, abilities, languages } = choices(this.#groups);
    return html`<form class="search" role="search" @submit=${(event: Event) => event.preventDefault()}>
      <input
        type="search"
        aria-label=${msg('Search models')}
        placeholder=${msg('Search models')}
        autocomplete="off"
        spellcheck="false"
        @input=${this.#onSearch}
      />
      <div class="filters">
        <label class="check">
          <input
            type="checkbox"
            .checked=${this.query.fitsHere}
            @change=${(event: Event) => this.#set({ fitsHere: isChecked(event) })}
          />
          ${msg('Fits here')}
        </label>
        ${select(msg('Family'), this.query.family, families.map(same), (family) => this.#set({ family }))}
        ${select(
          msg('Made for'),
          this.query.ability,
          abilities.map((ability) => [ability, abilityWords(ability)] as const),
          (ability) => this.#set({ ability }),
        )}
        ${select(
          msg('Language'),
          this.query.language,
          languages.map((tag) => [tag, languageName(tag)] as const),
          (language) => this.#set({ language }),
        )}
        ${select(msg('Licence'), this.query.licence, [['free', msg('Commercial use allowed')]] as const, (licence) =>
          this.#set({ licence }),
        )}
        ${select(
          msg('Size'),
          String(this.query.mostBytes || ''),
          SIZES.map((bytes) => [String(bytes), msg(str`up to ${formatBytes(bytes)}`)] as const),
          (bytes) => this.#set({ mostBytes: Number(bytes) }),
        )}
        <label class="sort">
          <span class="visually-hidden">${msg('Order')}</span>
          <select
            @change=${(event: Event) => this.#set({ sort: SORTS.find((sort) => sort === chosen(event)) ?? 'fit' })}
          >
            ${SORTS.map((sort) => html`<option value=${sort} ?selected=${sort === this.query.sort}>${sortWords(sort)}</option>`)}
          </select>
        </label>
      </div>
    </form>`;
  }

  #renderMeasure({ device, deviceCheck }: SessionState): TemplateResult | typeof nothing {
    if (device === undefined) return nothing;
    if (deviceCheck === 'measured') return html`<span class="small muted">${msg('This device was measured.')}</span>`;
    return html`<button
      type="button"
      class="button quiet"
      ?disabled=${deviceCheck === 'measuring'}
      @click=${() => this.dispatchEvent(new ModelActionEvent('measure', ''))}
    >
      ${deviceCheck === 'measuring' ? msg('Measuring…') : msg('Measure this device (2 s)')}
    </button>`;
  }

  #renderComparedBar(compared: readonly Group[]): TemplateResult | typeof nothing {
    if (compared.length === 0) return nothing;
    return html`<div class="compared">
      <span class="small">${compared.map(({ best }) => best.record.name).join(', ')}</span>
      <button
        type="button"
        class="button"
        ?disabled=${compared.length < 2}
        @click=${() => {
          this.isComparing = true;
        }}
      >
        ${compared.length < 2 ? msg('Choose another to compare') : msg(str`Compare ${compared.length}`)}
      </button>
      <button
        type="button"
        class="button quiet"
        @click=${() => {
          this.compared = [];
        }}
      >
        ${msg('Clear')}
      </button>
    </div>`;
  }

  #renderRow(group: Group, index: number): TemplateResult {
    const { record, fit } = group.best;
    const { title, reason, tone } = fitWords(fit, this.#words, record.contextWindow);
    const size = sizeWords(record);
    const facts = [
      record.maker,
      formatParameters(record.parameterCount),
      ...(size === undefined ? [] : [size]),
      record.licence.name,
    ];
    const body = html`<div class="head">
        <button type="button" class="name" @click=${() => this.#open(group.key)}>${record.name}</button>
        <label class="check compare">
          <input
            type="checkbox"
            aria-label=${msg(str`Compare ${record.name}`)}
            .checked=${this.compared.includes(group.key)}
            @change=${(event: Event) => this.#compare(group.key, isChecked(event))}
          />
          <span aria-hidden="true">${msg('Compare')}</span>
        </label>
      </div>
      <p class="facts">${facts.join(' · ')}</p>
      <p class="verdict ${tone}">
        ${tone === 'none' ? nothing : html`<alcove-icon name=${tone === 'good' ? 'circle-check' : 'alert'}></alcove-icon>`}
        <span>${title}${reason === '' ? nothing : html`<span class="muted"> · ${reason}</span>`}</span>
      </p>`;
    const variants = plural(group.variants.length, msg('one: # variant | other: # variants'));
    const isHere = group.variants.some(hasWeights);
    // What is here, or on its way, has its card above.
    return html`<div role="listitem" class="row" data-index=${index}>
      ${
        isHere
          ? html`<div class="model">
            ${body}
            <p class="muted small">${msg('On this device')} · ${variants}</p>
          </div>`
          : html`<article class="model" aria-label=${record.name}>
            ${body}
            <div class="actions">
              ${
                fit.verdict === 'cannot-run'
                  ? nothing
                  : html`<button
                    type="button"
                    class="button"
                    @click=${() => this.dispatchEvent(new ModelActionEvent('download', record.id))}
                  >
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
}

function sameFits(a: readonly ModelEntry[], b: readonly ModelEntry[] | undefined): boolean {
  return (
    b !== undefined &&
    a.length === b.length &&
    a.every((entry, index) => entry.fit === b[index]?.fit && entry.record === b[index]?.record)
  );
}

/** The same group with what is new of its models' bytes. */
function refresh(group: Group, entries: readonly ModelEntry[]): Group {
  const now = (entry: ModelEntry): ModelEntry => entries.find(({ record }) => record === entry.record) ?? entry;
  const variants = group.variants.map(now);
  return { ...group, variants, best: variants[group.variants.indexOf(group.best)] ?? group.best };
}

function sortWords(sort: Sort): string {
  switch (sort) {
    case 'fit':
      return msg('Best for this device');
    case 'newest':
      return msg('Newest first');
    case 'smallest':
      return msg('Smallest first');
    case 'largest':
      return msg('Largest first');
    case 'name':
      return msg('By name');
  }
}

function same(value: string): readonly [string, string] {
  return [value, value];
}

function select<Value extends string>(
  label: string,
  value: Value | '',
  options: readonly (readonly [Value, string])[],
  onChange: (value: Value | '') => void,
): TemplateResult {
  const change = (event: Event): void => onChange(options.find(([option]) => option === chosen(event))?.[0] ?? '');
  return html`<select aria-label=${label} class=${value === '' ? '' : 'set'} @change=${change}>
    <option value="" ?selected=${value === ''}>${label}</option>
    ${options.map(([option, words]) => html`<option value=${option} ?selected=${option === value}>${words}</option>`)}
  </select>`;
}

function chosen({ target }: Event): string {
  return target instanceof HTMLSelectElement ? target.value : '';
}

function isChecked({ target }: Event): boolean {
  return target instanceof HTMLInputElement && target.checked;
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-model-browser': ModelBrowser;
  }
}
