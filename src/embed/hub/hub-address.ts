/** The address of a hub, against the page's; undefined if none can be there: another origin, over https or on this computer. */
export function hubAddress(address: string | undefined): URL | undefined {
  const url = address === undefined ? null : URL.parse(address, document.baseURI);
  if (url === null || url.origin === location.origin || url.username !== '') return undefined;
  const isLocal = /^(localhost|127\.0\.0\.1|\[::1\]|.+\.localhost)$/.test(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLocal) ? url : undefined;
}
