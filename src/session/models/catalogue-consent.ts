import { readLocalList, writeLocalSetting } from '../../platform/local-setting.ts';

/** In localStorage: the answer decides which catalogue the session starts with. */
const KEY = 'alcove-catalogues';
const PARAMETER = 'catalogue';

/** The web catalogue that the page's address names, as in `?catalogue=https://models.example/catalogue.json`. */
export function askedCatalogueUrl(): string | undefined {
  const asked = new URLSearchParams(location.search).get(PARAMETER);
  if (asked === null || !URL.canParse(asked, document.baseURI)) return undefined;
  const url = new URL(asked, document.baseURI);
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  return isWeb && url.username === '' && url.password === '' ? url.href : undefined;
}

export function isAgreed(url: string): boolean {
  return readLocalList(KEY).includes(url);
}

export function agree(url: string): void {
  // Where storage is forbidden or full the user is asked again at the next visit.
  writeLocalSetting(KEY, [...new Set([...readLocalList(KEY), url])]);
}

/** Removes the catalogue from the page's address, so that a reload does not ask again. */
export function forgetAsked(): void {
  const url = new URL(location.href);
  url.searchParams.delete(PARAMETER);
  history.replaceState(history.state, '', url);
}
