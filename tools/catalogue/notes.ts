/** What the catalogue says of some models, in English. src/ui/models/catalogue-notes.ts has the translations, by these ids. */
const NOTES = {
  'base-model': 'A base model: it continues a text and was not trained to answer.',
  toy: 'A toy model of 0.87 million parameters that knows a few phrases, to see how Alcove works. It knows nothing else.',
  'wizard-math': 'Made by WizardLM at Microsoft from Mistral 7B.',
  'toy-llama-cpp': 'The same toy model for the other engine, llama.cpp, which also runs without a graphics card.',
  'thinks-long': 'Thinks at length before it answers.',
  tiny: 'Tiny: it writes fluently and knows little.',
  embeddings: 'Turns text into vectors for search. It writes nothing.',
  'very-small': 'Very small: quick, and often wrong about facts.',
} as const;

export type NoteId = keyof typeof NOTES;

export function noteOf(noteId: NoteId): { readonly note: string; readonly noteId: string } {
  return { note: NOTES[noteId], noteId };
}
