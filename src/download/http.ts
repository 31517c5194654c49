import { AlcoveError, isAbortError } from '../platform/errors.ts';

/** Requests of the download, on the page and in its worker, and what their failures mean. */

export interface PlanOptions {
  readonly fetch?: typeof fetch;
  readonly baseUrl: string;
  readonly huggingFaceUrl?: string;
  readonly signal?: AbortSignal;
}

/** Options of every request: it carries nothing about the user or the page, and the browser's own cache keeps nothing. */
export const PRIVATE_REQUEST = {
  credentials: 'omit',
  referrerPolicy: 'no-referrer',
  cache: 'no-store',
} as const satisfies RequestInit;

/** A fetch that throws AlcoveError or AbortError for any response but a successful one. */
export async function request(url: string, init: RequestInit, options: PlanOptions): Promise<Response> {
  let response: Response;
  try {
    response = await (options.fetch ?? fetch)(url, {
      ...init,
      ...PRIVATE_REQUEST,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  } catch (error) {
    if (isAbortError(error)) throw error;
    throw networkError(error, url, await findBlockedHost(url));
  }
  const error = responseError(response, url);
  if (error !== undefined) throw error;
  return response;
}

/** The error of a response; undefined for one that can be read. */
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
  // A network that requires a sign-in, and hosts with error pages, answer 200 with a web page.
  if (response.headers.get('Content-Type')?.includes('text/html')) {
    return new AlcoveError('not-weights', `a web page instead of ${url}`, { data: { url } });
  }
  return undefined;
}

/** The error of a failed fetch: offline, unless a policy of the page forbade it. */
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

/** The part that a page and a worker share; their event maps differ. */
interface ViolationTarget {
  addEventListener(type: 'securitypolicyviolation', listener: (event: Event) => void): void;
}

const blockedHosts = new Map<string, string>();
let watching = false;

/** Starts to record requests that a content security policy forbids. Call it once in a page or worker. */
export function watchPolicy(): void {
  if (watching) return;
  watching = true;
  const target = globalThis as unknown as ViolationTarget;
  target.addEventListener('securitypolicyviolation', (event) => {
    const { blockedURI } = event as Event & { readonly blockedURI?: string };
    const host = hostOf(blockedURI);
    if (host !== undefined) blockedHosts.set(host, host);
  });
}

/**
 * The host to which a policy forbade a fetch, if that is why it failed. A fetch only reports "Failed to fetch"; the reason
 * comes as an event, a task later. For a forbidden redirect browsers name the address before it, to hide from the page
 * where it led.
 */
export async function findBlockedHost(url: string): Promise<string | undefined> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  return blockedHosts.get(new URL(url).host);
}

function hostOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).host : undefined;
}
