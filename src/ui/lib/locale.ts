import { configureLocalization, LOCALE_STATUS_EVENT } from '@lit/localize';
import type { LitElement, ReactiveController } from 'lit';
import type { Words } from './locale-files.ts';

/** The languages of the interface. Known to public/before-paint.js and lit-localize.json too. */
export const LOCALES = ['en', 'de', 'fr', 'es', 'pt', 'zh-Hans', 'ja', 'ar'] as const;

export type Locale = (typeof LOCALES)[number];

const SOURCE_LOCALE = 'en';

/** Whether all texts of a language are loaded with it. An element that is not used yet needs a few of them alone. */
let needsAll = false;
let words: Words | undefined;

const { getLocale, setLocale } = configureLocalization({
  sourceLocale: SOURCE_LOCALE,
  targetLocales: LOCALES.slice(1),
  async loadLocale(name) {
    words = await (await import('./locale-files.ts')).loadWords(name, needsAll);
    return words;
  },
});

let loading: Promise<void> | undefined;

export function locale(): Locale {
  return getLocale() as Locale;
}

export function direction(): 'ltr' | 'rtl' {
  return locale() === 'ar' ? 'rtl' : 'ltr';
}

/** Pending while a language loads; undefined when nothing loads. */
export function localeLoading(): Promise<void> | undefined {
  return loading;
}

/** Whatever shows more than an unused element calls this first. What is drawn before it resolves may be in English. */
export async function loadAllWords(): Promise<void> {
  needsAll = true;
  await loading;
  await words?.addAll();
}

/** Switches the interface to a language once it is loaded; keeps the current one if the load fails. */
export function speak(wanted: Locale): Promise<void> {
  const before = getLocale();
  if (wanted === before && loading === undefined) return Promise.resolve();
  // Lit's setLocale treats a failed load as still pending; setting the old locale again allows another try.
  const switching = setLocale(wanted).catch(() => setLocale(before).catch(() => {}));
  const done: Promise<void> = switching.then(() => {
    if (loading === done) loading = undefined;
  });
  loading = done;
  return done;
}

/** The interface's language for a BCP 47 tag, such as `pt` for `pt-BR`; undefined when there is none. */
export function localeOf(tag: string): Locale | undefined {
  const [language] = tag.toLowerCase().split('-');
  return LOCALES.find((name) => name.split('-')[0] === language);
}

/** The first of these tags that the interface has a language for, else English. */
export function bestLocale(tags: readonly string[]): Locale {
  for (const tag of tags) {
    const found = localeOf(tag);
    if (found !== undefined) return found;
  }
  return SOURCE_LOCALE;
}

/** The locale of numbers and dates: the user's own region where it has the interface's language. */
export function formatLocale(): string {
  const current = locale();
  if (current === 'zh-Hans') return current;
  return navigator.languages.find((tag) => localeOf(tag) === current) ?? current;
}

/**
 * Sets the interface's language from the host's surroundings: the nearest `lang`, else the page's, else the browser's.
 * Updates every component below the host when the language has changed, so that components need no code for it.
 */
export class LocaleController implements ReactiveController {
  readonly #host: LitElement;
  readonly #pageLanguage = new MutationObserver(() => this.#follow());

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener(LOCALE_STATUS_EVENT, this.#onStatus);
    this.#pageLanguage.observe(document.documentElement, { attributeFilter: ['lang'] });
    this.#pageLanguage.observe(this.#host, { attributeFilter: ['lang'] });
    this.#follow();
  }

  hostDisconnected(): void {
    removeEventListener(LOCALE_STATUS_EVENT, this.#onStatus);
    this.#pageLanguage.disconnect();
  }

  #follow(): void {
    const near = this.#host.closest<HTMLElement>('[lang]')?.lang;
    const tag = near || document.documentElement.lang;
    void speak(bestLocale(tag ? [tag] : navigator.languages));
  }

  readonly #onStatus = ({ detail }: CustomEvent<{ readonly status: string }>): void => {
    if (detail.status === 'ready') redraw(this.#host);
  };
}

/** Requests an update of every component in a tree, shadow roots included. */
export function redraw(node: Element | ShadowRoot): void {
  if ('requestUpdate' in node && typeof node.requestUpdate === 'function') node.requestUpdate();
  if (node instanceof Element && node.shadowRoot !== null) redraw(node.shadowRoot);
  for (const child of node.children) redraw(child);
}
