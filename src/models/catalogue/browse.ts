import { downloadSize } from '../fit/download-size.ts';
import { type ChatAbility, chatAbilities, type ModelRecord, modelKeyOf } from '../model-record.ts';
import { bestVariant, compareFits, type Fitted, isChatModel, worth } from './recommend.ts';

/** A model with its variants over all engines. */
export interface ModelGroup<T extends Fitted> {
  readonly key: string;
  readonly variants: readonly T[];
  /** The one that this device runs best; what is said of the model is said of it. */
  readonly best: T;
  /** Those that the user can make use of now. */
  readonly abilities: readonly ChatAbility[];
  /** What a search looks through, folded. */
  readonly words: string;
}

export const SORTS = ['fit', 'newest', 'smallest', 'largest', 'name'] as const;
export type Sort = (typeof SORTS)[number];

export interface BrowseQuery {
  /** Only what runs here, well or slowly. */
  readonly fitsHere: boolean;
  readonly family: string;
  readonly ability: ChatAbility | '';
  /** BCP 47, without its region. */
  readonly language: string;
  /** `free`: no licence that forbids commercial use. */
  readonly licence: 'free' | '';
  /** Of the download; 0 for any. */
  readonly mostBytes: number;
  readonly sort: Sort;
}

export const EVERYTHING: BrowseQuery = {
  fitsHere: false,
  family: '',
  ability: '',
  language: '',
  licence: '',
  mostBytes: 0,
  sort: 'fit',
};

/** Lower case without accents: "é" is found by "e". */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** @param hasTools whether models are offered tools now */
export function groupModels<T extends Fitted>(all: readonly T[], hasTools: boolean): readonly ModelGroup<T>[] {
  const groups = new Map<string, T[]>();
  for (const entry of all) {
    const key = modelKeyOf(entry.record);
    const variants = groups.get(key);
    if (variants === undefined) groups.set(key, [entry]);
    else variants.push(entry);
  }
  return [...groups].flatMap(([key, variants]) => {
    const best = bestVariant(variants);
    if (best === undefined) return [];
    const abilities = chatAbilities(best.record, hasTools);
    return [{ key, variants, best, abilities, words: wordsOf(variants, abilities) }];
  });
}

function wordsOf(variants: readonly Fitted[], abilities: readonly ChatAbility[]): string {
  const words = variants.flatMap(({ record }) => [
    record.name,
    record.family,
    record.maker,
    record.id,
    record.quantization,
    record.licence.name,
    ...(record.languages ?? []),
  ]);
  return fold([...new Set([...words, ...abilities])].join(' '));
}

const FITS: ReadonlySet<string> = new Set(['runs-well', 'runs-slowly', 'runs-elsewhere']);

/** Every word of the search is found in the model's, in any order. */
export function matches<T extends Fitted>(
  group: ModelGroup<T>,
  query: BrowseQuery,
  searched: readonly string[],
): boolean {
  const { record, fit } = group.best;
  if (!searched.every((word) => group.words.includes(word))) return false;
  if (query.fitsHere && !FITS.has(fit.status)) return false;
  if (query.family !== '' && record.family !== query.family) return false;
  if (query.ability !== '' && !group.abilities.includes(query.ability)) return false;
  if (query.language !== '' && !speaks(record, query.language)) return false;
  if (query.licence === 'free' && record.licence.nonCommercial) return false;
  return query.mostBytes === 0 || group.variants.some((variant) => isWithin(variant.record, query.mostBytes));
}

export function searchWords(text: string): readonly string[] {
  return fold(text)
    .split(/\s+/)
    .filter((word) => word !== '');
}

export function browse<T extends Fitted>(
  groups: readonly ModelGroup<T>[],
  query: BrowseQuery,
  text = '',
): readonly ModelGroup<T>[] {
  const searched = searchWords(text);
  return sortGroups(groups, query.sort).filter((group) => matches(group, query, searched));
}

export function sortGroups<T extends Fitted>(groups: readonly ModelGroup<T>[], sort: Sort): readonly ModelGroup<T>[] {
  const sorted = [...groups];
  switch (sort) {
    case 'fit':
      return sorted.sort(
        (a, b) =>
          placeOf(a.best) - placeOf(b.best) ||
          compareFits(a.best, b.best) ||
          worth(b.best) - worth(a.best) ||
          a.best.record.name.localeCompare(b.best.record.name),
      );
    case 'newest':
      return sorted.sort((a, b) => dateOf(b.best.record).localeCompare(dateOf(a.best.record)));
    case 'smallest':
      return sorted.sort((a, b) => a.best.record.parameterCount - b.best.record.parameterCount);
    case 'largest':
      return sorted.sort((a, b) => b.best.record.parameterCount - a.best.record.parameterCount);
    case 'name':
      return sorted.sort((a, b) => a.best.record.name.localeCompare(b.best.record.name));
  }
}

/** What can be talked to comes before base models, and these before what cannot be loaded here. */
function placeOf({ record, fit }: Fitted): number {
  if (fit.status === 'cannot-run') return 2;
  return isChatModel(record) ? 0 : 1;
}

/** What there is to choose from, each sorted. */
export function choices<T extends Fitted>(groups: readonly ModelGroup<T>[]) {
  const records = groups.map(({ best }) => best.record);
  const sorted = (values: readonly string[]): string[] => [...new Set(values)].sort();
  return {
    families: sorted(records.map(({ family }) => family)),
    abilities: sorted(groups.flatMap((group) => group.abilities)) as ChatAbility[],
    languages: sorted(records.flatMap(({ languages = [] }) => languages.map(baseOf))),
  };
}

function speaks({ languages = [] }: ModelRecord, language: string): boolean {
  return languages.some((spoken) => baseOf(spoken) === language);
}

function baseOf(language: string): string {
  return language.split('-')[0] ?? language;
}

function isWithin(record: ModelRecord, mostBytes: number): boolean {
  const size = downloadSize(record);
  return size !== undefined && size.bytes <= mostBytes;
}

function dateOf({ releasedOn }: ModelRecord): string {
  return releasedOn ?? '';
}
