import { msg } from '@lit/localize';
import type { ModelRecord } from '../../models/model-record.ts';
import { sentences } from '../lib/plural.ts';

/** Translations of the notes in the site's own catalogue, by their English text. */
const NOTES: ReadonlyMap<string, () => string> = new Map([
  [
    'A base model: it continues a text and was not trained to answer.',
    () => msg('A base model: it continues a text and was not trained to answer.'),
  ],
  [
    'A toy of 0.87 million parameters, taught a few set phrases, to see how Alcove works. It knows nothing else.',
    () =>
      msg(
        'A toy of 0.87 million parameters, taught a few set phrases, to see how Alcove works. It knows nothing else.',
      ),
  ],
  ['Made by WizardLM at Microsoft from Mistral 7B.', () => msg('Made by WizardLM at Microsoft from Mistral 7B.')],
  [
    'The same toy for the other engine, llama.cpp, which also runs without a graphics card.',
    () => msg('The same toy for the other engine, llama.cpp, which also runs without a graphics card.'),
  ],
  ['Thinks at length before it answers.', () => msg('Thinks at length before it answers.')],
  ['Tiny: it writes fluently and knows little.', () => msg('Tiny: it writes fluently and knows little.')],
  [
    'Turns text into vectors for search. It writes nothing.',
    () => msg('Turns text into vectors for search. It writes nothing.'),
  ],
  ['Very small: quick, and often wrong about facts.', () => msg('Very small: quick, and often wrong about facts.')],
]);

/** A model's note in the interface's language; a note of another catalogue is shown as it is. */
export function catalogueNote(note: string): string {
  return NOTES.get(note)?.() ?? note;
}

/** What is to be said of a model before its use, in the interface's language. */
export function modelNote({ source, note }: ModelRecord): string | undefined {
  if (source.kind !== 'browser') return note === undefined ? undefined : catalogueNote(note);
  return sentences(
    source.isKnown
      ? msg('From Google, with this browser: not open weights.')
      : msg('The browser’s own model. It does not tell a page which model it is, nor whether its weights are open.'),
    source.needsDownload
      ? msg('The browser downloads it when you first use it, which can take several gigabytes.')
      : msg('The browser already has it: there is nothing to download.'),
  );
}
