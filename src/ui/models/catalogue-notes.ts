import { msg } from '@lit/localize';
import { type ChatAbility, type ModelRecord, UNKNOWN_LICENCE, UNKNOWN_MAKER } from '../../models/model-record.ts';
import { plural, sentences } from '../lib/plural.ts';
import { abilityLabel, languageName } from './model-facts.ts';

/** The notes of the site's own catalogue, by their ids (tools/catalogue/notes.ts). */
const NOTES: ReadonlyMap<string, () => string> = new Map([
  ['base-model', () => msg('A base model: it continues a text and was not trained to answer.')],
  [
    'toy',
    () =>
      msg(
        'A toy model of 0.87 million parameters that knows a few phrases, to see how Alcove works. It knows nothing else.',
      ),
  ],
  ['wizard-math', () => msg('Made by WizardLM at Microsoft from Mistral 7B.')],
  [
    'toy-llama-cpp',
    () => msg('The same toy model for the other engine, llama.cpp, which also runs without a graphics card.'),
  ],
  ['thinks-long', () => msg('Thinks at length before it answers.')],
  ['tiny', () => msg('Tiny: it writes fluently and knows little.')],
  ['embeddings', () => msg('Turns text into vectors for search. It writes nothing.')],
  ['very-small', () => msg('Very small: quick, and often wrong about facts.')],
]);

/** A model's note in the interface's language; a note of another catalogue is shown as it is. */
export function catalogueNote({ note, noteId = '' }: ModelRecord): string | undefined {
  return NOTES.get(noteId)?.() ?? note;
}

/** What is to be said of a model before its use, in the interface's language. */
export function modelNote(record: ModelRecord): string | undefined {
  const { source } = record;
  if (source.kind !== 'browser') return catalogueNote(record);
  return sentences(
    source.isKnown
      ? msg('From Google, with this browser: not open weights.')
      : msg('The browser’s own model. It does not tell a page which model it is, nor whether its weights are open.'),
    source.needsDownload
      ? msg('The browser downloads it when you first use it, which can take several gigabytes.')
      : msg('The browser already has it: there is nothing to download.'),
  );
}

/** Sizes, in parameters, up to which a model does what its words say. */
const SIZES: readonly (readonly [number, () => string])[] = [
  [700_000_000, () => msg('Quick, for short and simple texts')],
  [2_700_000_000, () => msg('For everyday questions and short texts')],
  [6_000_000_000, () => msg('For longer texts and harder questions')],
  [Number.POSITIVE_INFINITY, () => msg('For demanding questions, slower than small models')],
];

/** What a model is for, in a few words: as the catalogue says, else by what it was made for, else by its size. */
export function purposeLabel(record: ModelRecord): string {
  const { purpose, abilities = [], parameterCount } = record;
  const note = catalogueNote(record);
  if (note !== undefined) return note;
  if (purpose === 'specialised') {
    if (abilities.includes('code')) return msg('For writing and explaining code');
    if (abilities.includes('maths')) return msg('For mathematics');
    if (abilities.includes('thinking')) return msg('Thinks at length before it answers.');
  }
  // Of a server's model nobody says how large it is.
  if (parameterCount === 0) return '';
  return SIZES.find(([most]) => (record.activeParameterCount ?? parameterCount) <= most)?.[1]() ?? '';
}

/** The maker and the licence, as far as they are known. */
export function originLabels({ maker, licence }: ModelRecord): readonly string[] {
  return [maker === UNKNOWN_MAKER ? '' : maker, licence.name === UNKNOWN_LICENCE ? '' : licence.name].filter(
    (label) => label !== '',
  );
}

/** What a model can do besides chatting, and its languages: one word each. @param abilities those that work here */
export function chipLabels({ languages = [] }: ModelRecord, abilities: readonly ChatAbility[]): readonly string[] {
  const [only] = languages;
  const spoken =
    only === undefined
      ? []
      : [
          languages.length === 1
            ? languageName(only)
            : plural(languages.length, msg('one: # language | other: # languages')),
        ];
  return [...abilities.filter((ability) => ability !== 'chat').map(abilityLabel), ...spoken];
}
