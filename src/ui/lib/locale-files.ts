/** The files with the interface's texts in each language. Loaded for a language other than English. */
import type { LocaleModule } from '@lit/localize';
import { FIRST_WORDS } from '../../locales/first-words.ts';

const LOADERS: Readonly<Record<string, () => Promise<LocaleModule>>> = {
  de: () => import('../../locales/de.ts'),
  fr: () => import('../../locales/fr.ts'),
  es: () => import('../../locales/es.ts'),
  pt: () => import('../../locales/pt.ts'),
  'zh-Hans': () => import('../../locales/zh-Hans.ts'),
  ja: () => import('../../locales/ja.ts'),
  ar: () => import('../../locales/ar.ts'),
};

export interface Words {
  readonly templates: LocaleModule['templates'];
  /** Adds the texts that are not loaded yet to those that Lit looks up; without the file they stay English. */
  readonly addAll: () => Promise<unknown>;
}

/** @param all whether all texts are needed, or only what an unused element shows */
export async function loadWords(name: string, all: boolean): Promise<Words> {
  const load = LOADERS[name] ?? (async () => ({ templates: {} }));
  if (all) return { ...(await load()), addAll: async () => {} };
  const templates: Record<string, LocaleModule['templates'][string]> = { ...FIRST_WORDS[name] };
  const add = async (): Promise<unknown> => Object.assign(templates, (await load()).templates);
  return { templates, addAll: () => add().catch(() => {}) };
}
