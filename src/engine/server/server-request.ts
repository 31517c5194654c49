import { AlcoveError, abortError } from '../../platform/errors.ts';
import { SilenceWatch } from './silence-watch.ts';

export interface ServerQuestion {
  readonly url: string;
  readonly key: string | undefined;
  /** Sent as JSON by POST; without one it is a GET. */
  readonly body?: unknown;
  readonly signal: AbortSignal;
  /** ms without a byte after which the server counts as silent. */
  readonly silentAfterMs: number;
}

export interface ServerAnswer {
  readonly response: Response;
  /** Told of every byte that comes; ended by `end`. */
  readonly watch: SilenceWatch;
  /** What a read that failed means. */
  readonly explain: (cause: unknown) => Error;
  readonly end: () => void;
}

/** A cookie, an address to come from, a cached answer and a way to elsewhere are none of a server's business. */
const INIT = {
  credentials: 'omit',
  referrerPolicy: 'no-referrer',
  cache: 'no-store',
  // A redirect would carry what was written to a host that nobody has named.
  redirect: 'manual',
} as const satisfies RequestInit;

/**
 * Asks a server, and says what went wrong in codes of ours. The caller reads the body, and then calls `end`.
 * @throws AlcoveError `server-unreachable`, `server-forbids-page`, `server-silent`, `server-failed`, `blocked-by-policy`
 */
export async function requestServer({ url, key, body, signal, silentAfterMs }: ServerQuestion): Promise<ServerAnswer> {
  const { host } = new URL(url);
  const silent = new AbortController();
  const watch = new SilenceWatch(silentAfterMs, () => silent.abort());
  const explain = (cause: unknown): Error => {
    watch.end();
    if (signal.aborted) return abortError();
    if (!silent.signal.aborted)
      return new AlcoveError('server-cut-off', 'the connection broke', { data: { host }, cause });
    return new AlcoveError('server-silent', `nothing for ${silentAfterMs} ms`, {
      data: { host, seconds: Math.round(silentAfterMs / 1000) },
    });
  };
  try {
    const response = await fetch(url, {
      ...INIT,
      ...addressSpace(url),
      signal: AbortSignal.any([signal, silent.signal]),
      headers: {
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(key !== undefined && key !== '' && { Authorization: `Bearer ${key}` }),
      },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    });
    if (response.type === 'opaqueredirect') {
      throw new AlcoveError('server-failed', 'a redirect', {
        data: { host, reason: 'it sends on to another address' },
      });
    }
    watch.heard();
    return { response, watch, explain, end: () => watch.end() };
  } catch (cause) {
    watch.end();
    if (AlcoveError.isInstance(cause)) throw cause;
    if (signal.aborted || silent.signal.aborted) throw explain(cause);
    throw await whyUnreachable(url, cause);
  }
}

/**
 * A failed fetch says nothing; this asks once more, for nothing and without CORS, to tell a server that is off from one
 * that refuses. A cross-origin isolated page is not told even that, so there the two stay one.
 */
async function whyUnreachable(url: string, cause: unknown): Promise<AlcoveError> {
  const { host, protocol, origin: asked } = new URL(url);
  const { origin } = location;
  let isForbidden = false;
  const hear = ({ blockedURI }: SecurityPolicyViolationEvent): void => {
    isForbidden ||= URL.parse(blockedURI)?.origin === asked;
  };
  document.addEventListener('securitypolicyviolation', hear);
  try {
    await fetch(url, { ...INIT, ...addressSpace(url), mode: 'no-cors', redirect: 'follow' });
    return new AlcoveError('server-forbids-page', 'it answers, but not to this page', {
      data: { host, origin },
      cause,
    });
  } catch {
    // The browser tells of a forbidden request by an event, a task after the fetch has failed.
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (isForbidden) return new AlcoveError('blocked-by-policy', host, { data: { host }, cause });
    const isMixed = location.protocol === 'https:' && protocol === 'http:' && spaceOf(url) !== 'loopback';
    return new AlcoveError('server-unreachable', 'no connection', { data: { host, origin, isMixed }, cause });
  } finally {
    document.removeEventListener('securitypolicyviolation', hear);
  }
}

/**
 * Tells Chrome that the address is on this computer or in the local network: it then asks the reader, and lets a page
 * that came by https ask an http address (https://wicg.github.io/local-network-access/, Chrome 142).
 */
function addressSpace(url: string): { targetAddressSpace?: 'loopback' | 'local' } {
  const space = spaceOf(url);
  return space === undefined || !('targetAddressSpace' in Request.prototype) ? {} : { targetAddressSpace: space };
}

function spaceOf(url: string): 'loopback' | 'local' | undefined {
  const { hostname } = new URL(url);
  if (/^(localhost|.*\.localhost|127\..*|\[::1\])$/.test(hostname)) return 'loopback';
  if (/^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|\[f[cd])|\.local$/.test(hostname)) return 'local';
  return undefined;
}
