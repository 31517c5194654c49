import { AlcoveError } from '../platform/errors.ts';

/**
 * What is wrong with a response; undefined when it can be read.
 * @param isPage whether a web page may be what was asked for
 */
export function responseError(response: Response, url: string): AlcoveError | undefined {
  const { status } = response;
  if (status === 404 || status === 410) return new AlcoveError('not-found', `${status} for ${url}`, { data: { url } });
  if (status === 401 || status === 403) {
    return new AlcoveError('access-denied', `${status} for ${url}`, { data: { url, status } });
  }
  if (status === 429) {
    const retryAfterMs = readRetryAfter(response.headers.get('Retry-After'));
    return new AlcoveError('rate-limited', `429 for ${url}`, { data: { url, retryAfterMs } });
  }
  if (!response.ok) return new AlcoveError('server-error', `${status} for ${url}`, { data: { url, status } });
  // A network that wants a sign-in, or a host's page for people, answers 200 with a web page.
  if (response.headers.get('Content-Type')?.includes('text/html')) {
    return new AlcoveError('not-weights', `a web page instead of ${url}`, { data: { url } });
  }
  return undefined;
}

/** What a failed fetch means: offline, unless a policy of the page forbade it. */
export function networkError(cause: unknown, url: string, blockedHost: string | undefined): AlcoveError {
  if (AlcoveError.isInstance(cause)) return cause;
  if (blockedHost !== undefined) {
    return new AlcoveError('blocked-by-policy', `a content security policy forbids ${blockedHost}`, {
      data: { host: blockedHost, url },
      cause,
    });
  }
  return new AlcoveError('offline', `no connection to ${new URL(url).host}`, { data: { url }, cause });
}

/** Retry-After is in seconds or a date. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
function readRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  const delayMs = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(delayMs) ? undefined : Math.max(0, delayMs);
}
