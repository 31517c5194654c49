/**
 * Which sites may show a hub in a frame: the list in the hub's page, `<meta name="alcove-hub-pages">`. Empty, as it is
 * shipped, it allows none.
 */

/** The parts of a list: origins, `https://*.site.example` for the subdomains of a site, or `*` for any page. */
export function readAllowedPages(list: string): readonly string[] {
  return list.split(/\s+/).filter((source) => source !== '');
}

/** @param origin as in `MessageEvent.origin`; `null` for a page of no origin, which only `*` allows */
export function allowsPage(allowed: readonly string[], origin: string): boolean {
  return allowed.some((source) => source === '*' || (origin !== 'null' && matches(source, origin)));
}

function matches(source: string, origin: string): boolean {
  const [scheme = '', host = ''] = source.split('://');
  if (!host.startsWith('*.')) return URL.parse(source)?.origin === origin && /^[^/]+:\/\/[^/]+\/?$/.test(source);
  const page = URL.parse(origin);
  return page !== null && page.protocol === `${scheme}:` && page.host.endsWith(host.slice(1));
}
