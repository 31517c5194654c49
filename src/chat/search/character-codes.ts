/**
 * Writes a text of scripts without spaces in strings of single bytes, which engines store in half the memory: the first 128
 * characters that occur, most of a text, have one byte each, almost all others two. As in UTF-8, no code begins within
 * another: a code is found in a text only where its character is.
 */
export class CharacterCodes {
  readonly #codes = new Map<string, string>();

  encode(text: string): string {
    const codes: string[] = [];
    for (const character of text) {
      let code = this.#codes.get(character);
      if (code === undefined) {
        code = codeOf(this.#codes.size);
        this.#codes.set(character, code);
      }
      codes.push(code);
    }
    return codes.join('');
  }
}

const SINGLE = 0x80;
/** Of the two bytes of a code. */
const [FIRST, SECOND] = [0xc0, 0x80];
const PAIRS = 63 * 64;

/** @param rank below 64³: Unicode has some 110,000 such characters */
function codeOf(rank: number): string {
  if (rank < SINGLE) return String.fromCharCode(rank);
  const pair = rank - SINGLE;
  if (pair < PAIRS) return String.fromCharCode(FIRST + (pair >> 6), SECOND + (pair & 63));
  return String.fromCharCode(0xff, SECOND + (rank >> 12), SECOND + ((rank >> 6) & 63), SECOND + (rank & 63));
}
