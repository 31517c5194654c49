import { isAbortError } from '../platform/errors.ts';
import { networkError, responseError } from './http-error.ts';
import { findBlockedHost } from './policy-watch.ts';

export interface PlanOptions {
  readonly fetch?: typeof fetch;
  readonly baseUrl: string;
  readonly huggingFaceUrl?: string;
  readonly signal?: AbortSignal;
}

/** Of every request: nothing about the user or the page goes along, and nothing is kept in the browser's own cache. */
export const PRIVATE_REQUEST = {
  credentials: 'omit',
  referrerPolicy: 'no-referrer',
  cache: 'no-store',
} as const satisfies RequestInit;

/** A fetch that throws AlcoveError or AbortError, for any answer but a good one. */
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
