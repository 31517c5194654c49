import { foldText } from '../../chat/search/folded-text.ts';

/**
 * What a text is indexed and searched by: its words without case and marks and, of passages without spaces, each two
 * neighbouring characters. A dictionary would split `研究生命` differently from `研究生`; pairs are always the same.
 */
export function termsOf(text: string): string[] {
  const { words, unspaced } = foldText(text);
  return unspaced === '' ? [...words] : [...words, ...unspaced.split(' ').flatMap(pairsOf)];
}

function pairsOf(run: string): string[] {
  const characters = [...run];
  return characters.length === 1 ? characters : characters.slice(1).map((one, index) => `${characters[index]}${one}`);
}
