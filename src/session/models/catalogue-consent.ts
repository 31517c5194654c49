const KEY = 'alcove-catalogues';
const PARAMETER = 'catalogue';

/**
 * The catalogue that the page's address asks for: `?catalogue=https://models.example/catalogue.json`. Undefined for none,
 * and for what is no address of the web.
 */
export function askedCatalogueUrl(): string | undefined {
  const asked = new URLSearchParams(location.search).get(PARAMETER);
  if (asked === null || !URL.canParse(asked, document.baseURI)) return undefined;
  const url = new URL(asked, document.baseURI);
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  return isWeb && url.username === '' && url.password === '' ? url.href : undefined;
}

/** Whether the reader has agreed to this very address, now or on an earlier visit. */
export function isAgreed(url: string): boolean {
  return readAgreed().includes(url);
}

export function agree(url: string): void {
  try {
    localStorage.setItem(KEY, JSON.stringify([...new Set([...readAgreed(), url])]));
  } catch {
    // Forbidden or full: asked again at the next visit.
  }
}

/** Takes the wish for another catalogue out of the address: a reload asks no more. */
export function forgetAsked(): void {
  const url = new URL(location.href);
  url.searchParams.delete(PARAMETER);
  history.replaceState(history.state, '', url);
}

function readAgreed(): string[] {
  try {
    const agreed: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(agreed) ? agreed.filter((url) => typeof url === 'string') : [];
  } catch {
    return [];
  }
}
