/** The defect of a text that no working model writes. */
export type Degeneration = 'empty' | 'invalid-text' | 'repetition' | 'mixed-scripts';

/** A shorter text is too short to judge, unless it is empty. */
const LEAST_CHARACTERS = 12;

/** Of a text: what is no text, and what one repeated piece may take. */
const INVALID_SHARE = 0.1;
const REPEATED_SHARE = 0.7;

/** Repetitions, and the longest piece that is looked for, in characters. */
const LEAST_REPETITIONS = 5;
const LONGEST_PIECE = 16;

/** A sentence of a working model is in one script, sometimes with a foreign word; random tokens are in many. */
const MOST_SCRIPTS = 3;

const SCRIPTS: readonly RegExp[] = [
  'Latin',
  'Cyrillic',
  'Greek',
  'Arabic',
  'Hebrew',
  'Devanagari',
  'Bengali',
  'Tamil',
  'Thai',
  'Han',
  'Hiragana',
  'Katakana',
  'Hangul',
  'Georgian',
  'Armenian',
].map((script) => new RegExp(`\\p{Script=${script}}`, 'u'));

/** Japanese uses three at once. */
const COUNTED_AS_ONE: ReadonlySet<number> = new Set([9, 10, 11]);

/**
 * Finds how a text shows that its model is broken: bytes that are no characters, endless repetition (a model whose numbers
 * have become NaN repeats one token endlessly), random letters of many scripts. Undefined for a text that may be normal.
 */
export function findDegeneration(text: string): Degeneration | undefined {
  // The last character may be incomplete.
  const shown = text.replace(/\uFFFD{1,3}$/, '').trim();
  if (shown === '') return 'empty';
  const characters = [...shown];
  const invalid = characters.filter((character) => /[\uFFFD\p{Cn}\p{Co}]|[^\P{Cc}\n\r\t]/u.test(character)).length;
  if (invalid > INVALID_SHARE * characters.length) return 'invalid-text';
  if (characters.length < LEAST_CHARACTERS) return undefined;
  if (isRepetition(shown)) return 'repetition';
  return scriptCount(shown) > MOST_SCRIPTS ? 'mixed-scripts' : undefined;
}

function isRepetition(text: string): boolean {
  for (let length = 1; length <= LONGEST_PIECE; length++) {
    let run = 0;
    let longest = 0;
    for (let at = length; at < text.length; at++) {
      run = text[at] === text[at - length] ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    const repeated = longest === 0 ? 0 : longest + length;
    if (repeated >= LEAST_REPETITIONS * length && repeated > REPEATED_SHARE * text.length) return true;
  }
  return false;
}

function scriptCount(text: string): number {
  const found = SCRIPTS.flatMap((script, index) => (script.test(text) ? [COUNTED_AS_ONE.has(index) ? 9 : index] : []));
  return new Set(found).size;
}
