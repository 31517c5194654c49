import { msg, str } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import { type BrowseQuery, type choices, SORTS, type Sort } from '../../models/catalogue/browse.ts';
import { formatBytes } from '../lib/format.ts';
import { abilityLabel, languageName } from './model-facts.ts';

const SIZES = [500_000_000, 1_000_000_000, 2_000_000_000, 4_000_000_000] as const;

export interface FilterEvents {
  onSearch(text: string): void;
  onChange(change: Partial<BrowseQuery>): void;
}

/** The search field, and below it the filters and the sort order. */
export function renderFilters(
  query: BrowseQuery,
  { families, abilities, languages }: ReturnType<typeof choices>,
  { onSearch, onChange }: FilterEvents,
): TemplateResult {
  const onSort = (event: Event): void => onChange({ sort: SORTS.find((sort) => sort === chosen(event)) ?? 'fit' });
  return html`<form class="search" role="search" @submit=${(event: Event) => event.preventDefault()}>
    <input
      type="search"
      aria-label=${msg('Search models')}
      placeholder=${msg('Search models')}
      autocomplete="off"
      spellcheck="false"
      @input=${({ target }: Event) => onSearch(target instanceof HTMLInputElement ? target.value : '')}
    />
    <div class="controls">
      <label class="check">
        <input
          type="checkbox"
          .checked=${query.fitsHere}
          @change=${(event: Event) => onChange({ fitsHere: isChecked(event) })}
        />
        ${msg('Fits here')}
      </label>
      ${select(
        msg('Family'),
        query.family,
        families.map((name) => [name, name] as const),
        (family) => onChange({ family }),
      )}
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
      ${select(msg('Licence'), query.licence, [['free', msg('Commercial use allowed')]] as const, (licence) =>
        onChange({ licence }),
      )}
      ${select(
        msg('Size'),
        String(query.mostBytes || ''),
        SIZES.map((bytes) => [String(bytes), msg(str`up to ${formatBytes(bytes)}`)] as const),
        (bytes) => onChange({ mostBytes: Number(bytes) }),
      )}
      <label class="sort">
        <span class="visually-hidden">${msg('Sort by')}</span>
        <select @change=${onSort}>
          ${SORTS.map((sort) => html`<option value=${sort} ?selected=${sort === query.sort}>${SORT_LABELS[sort]()}</option>`)}
        </select>
      </label>
    </div>
  </form>`;
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
