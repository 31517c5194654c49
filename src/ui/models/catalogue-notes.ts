import { msg } from '@lit/localize';
import type { ModelRecord } from '../../models/model-record.ts';
import { sentences } from '../lib/plural.ts';

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
