import { formatNumber } from './format.ts';
import { locale } from './locale.ts';

/**
 * The form of a phrase that goes with a number. A message holds all forms that its language has, by the names of
 * Intl.PluralRules, and `#` where the number stands: `one: # chat | other: # chats`. A translation may have more forms
 * or fewer; `other` is always there.
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

/** Sentences one after the other, with the space between them that the language has. */
export function sentences(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(locale() === 'ja' || locale() === 'zh-Hans' ? '' : ' ');
}
