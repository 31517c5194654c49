import { msg, str } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { type BrowseQuery, type choices, SORTS, type Sort } from '../../models/catalogue/browse.ts';
import { formatBytes } from '../lib/format.ts';
import { pressedKey } from '../lib/pressed-key.ts';
import { abilityLabel, languageName } from './model-facts.ts';

const SIZES = [500_000_000, 1_000_000_000, 2_000_000_000, 4_000_000_000] as const;

export interface FilterEvents {
  onSearch(text: string): void;
  onChange(change: Partial<BrowseQuery>): void;
}

/** The search field, and below it the filters: a row, or a sheet that a button opens where the page is narrow. */
export function renderFilters(
  query: BrowseQuery,
  { families, abilities, languages }: ReturnType<typeof choices>,
  { onSearch, onChange }: FilterEvents,
): TemplateResult {
  const count = setFilters(query);
  return html`<form class="search" role="search" @submit=${(event: Event) => event.preventDefault()}>
    <div class="field">
      <input
        type="search"
        aria-label=${msg('Search models')}
        placeholder=${msg('Search models')}
        autocomplete="off"
        spellcheck="false"
        @input=${({ target }: Event) => onSearch(target instanceof HTMLInputElement ? target.value : '')}
      />
      <button type="button" class="button open">
        ${count === 0 ? msg('Filters') : msg(str`Filters (${count})`)}
      </button>
    </div>
    <div ${ref(opensSheet)} class="filters" popover role="group" aria-label=${msg('Filters')} @keydown=${keepEscape}>
      <h3>${msg('Filters')}</h3>
      <label class="check fits">
        <input
          type="checkbox"
          .checked=${query.fitsHere}
          @change=${(event: Event) => onChange({ fitsHere: isChecked(event) })}
        />
        ${msg('Fits here')}
      </label>
      ${select(
        msg('Abilities'),
        query.ability,
        abilities.map((ability) => [ability, abilityLabel(ability)] as const),
        (ability) => onChange({ ability }),
      )}
      ${select(
        msg('Language'),
        query.language,
        languages.map((tag) => [tag, languageName(tag)] as const),
        (language) => onChange({ language }),
      )}
      ${select(
        msg('Family'),
        query.family,
        families.map((name) => [name, name] as const),
        (family) => onChange({ family }),
      )}
      ${select(msg('Licence'), query.licence, [['free', msg('Commercial use allowed')]] as const, (licence) =>
        onChange({ licence }),
      )}
      ${select(
        msg('Size'),
        String(query.mostBytes || ''),
        SIZES.map((bytes) => [String(bytes), msg(str`up to ${formatBytes(bytes)}`)] as const),
        (bytes) => onChange({ mostBytes: Number(bytes) }),
      )}
      <button type="button" class="button primary done">${msg('Show models')}</button>
    </div>
  </form>`;
}

/** The order of the list. */
export function renderSort(query: BrowseQuery, { onChange }: Pick<FilterEvents, 'onChange'>): TemplateResult {
  const onSort = (event: Event): void => onChange({ sort: SORTS.find((sort) => sort === chosen(event)) ?? 'fit' });
  return html`<select aria-label=${msg('Sort by')} @change=${onSort}>
    ${SORTS.map((sort) => html`<option value=${sort} ?selected=${sort === query.sort}>${SORT_LABELS[sort]()}</option>`)}
  </select>`;
}

/** The buttons open and close the sheet. They name it by reference, since an element of ours has no id. */
function opensSheet(sheet: Element | undefined): void {
  const buttons = sheet?.closest('form')?.querySelectorAll<HTMLButtonElement>('.open, .done') ?? [];
  for (const button of buttons) button.popoverTargetElement = sheet ?? null;
}

/** How many filters are set. */
function setFilters({ sort: _, ...filters }: BrowseQuery): number {
  return Object.values(filters).filter(Boolean).length;
}

/** Escape closes the sheet alone, not the page around it. */
function keepEscape(event: KeyboardEvent): void {
  if (
    pressedKey(event) === 'Escape' &&
    event.currentTarget instanceof Element &&
    event.currentTarget.matches(':popover-open')
  )
    event.stopPropagation();
}

export function isChecked({ target }: Event): boolean {
  return target instanceof HTMLInputElement && target.checked;
}

const SORT_LABELS: Readonly<Record<Sort, () => string>> = {
  fit: () => msg('Best for this device'),
  newest: () => msg('Newest first'),
  smallest: () => msg('Smallest first'),
  largest: () => msg('Largest first'),
  name: () => msg('By name'),
};

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
