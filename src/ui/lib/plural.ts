import { formatNumber } from './format.ts';
import { locale } from './locale.ts';

/**
 * The plural form of a message for a number. A message holds all forms of its language, by the categories of
 * Intl.PluralRules, and `#` for the number: `one: # chat | other: # chats`. A translation may have more or fewer forms;
 * `other` is always present.
 */
export function plural(count: number, forms: string): string {
  const all = new Map(
    forms.split(' | ').map((form) => {
      const [name = '', ...words] = form.split(': ');
      return [name, words.join(': ')];
    }),
  );
  const chosen = all.get(new Intl.PluralRules(locale()).select(count)) ?? all.get('other') ?? forms;
  return chosen.replace('#', formatNumber(count));
}

/** Joins sentences with the space that the language puts between them. */
export function sentences(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(locale() === 'ja' || locale() === 'zh-Hans' ? '' : ' ');
}
