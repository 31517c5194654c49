import { AlcoveError, abortError } from '../../platform/errors.ts';
import { BodyMeter } from '../../platform/requests.ts';
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
  readonly host: string;
  readonly response: Response;
  /** Notified of every byte that comes; ended by `end`. */
  readonly watch: SilenceWatch;
  /** Counts the bytes that have arrived. */
  readonly meter: BodyMeter;
  /** The error that a failed read stands for. */
  readonly explain: (cause: unknown) => Error;
  readonly end: () => void;
}

const MODELS = '/v1/models';

/** Bytes of a body that is no stream of an answer: lists of models, errors, answers that come whole. */
const MOST_BODY_BYTES = 32 * 1024 * 1024;

/** How long a server may take to show that it is there, ms, when a request to it has failed. */
const DIAGNOSIS_MS = 5_000;

/** Sends no cookie and no referrer, uses no cache and follows no redirect. */
const INIT = {
  credentials: 'omit',
  referrerPolicy: 'no-referrer',
  cache: 'no-store',
  // A redirect would send the prompt to a host that the user has not allowed.
  redirect: 'manual',
} as const satisfies RequestInit;

/**
 * Sends a request to a server, and reports failures with our codes. The caller reads the body, and then calls `end`.
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
  const meter = new BodyMeter(url);
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
    return { host, response, watch, meter, explain, end: () => watch.end() };
  } catch (cause) {
    watch.end();
    if (AlcoveError.isInstance(cause)) throw cause;
    if (signal.aborted || silent.signal.aborted) throw explain(cause);
    throw await whyUnreachable(url, cause, signal);
  }
}

/**
 * Reads a whole body.
 * @throws AlcoveError `server-answer-invalid` for one that does not end, and as `explain` says
 */
export async function readText(
  { host, response, watch, meter, explain }: ServerAnswer,
  mostBytes = MOST_BODY_BYTES,
): Promise<string> {
  const decoder = new TextDecoder();
  const reader = response.body?.getReader();
  let sizeBytes = 0;
  let text = '';
  while (reader !== undefined) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw explain(cause);
    });
    if (done) break;
    watch.heard();
    meter.add(value.length);
    sizeBytes += value.length;
    if (sizeBytes > mostBytes) {
      void reader.cancel().catch(() => {});
      throw new AlcoveError('server-answer-invalid', `more than ${mostBytes} bytes`, { data: { host } });
    }
    text += decoder.decode(value, { stream: true });
  }
  return text + decoder.decode();
}

/**
 * Whether the page may read something of this server. vLLM refuses a missing or wrong key, and LiteLLM a missing one, without
 * the headers that let a page read the refusal; what needs no key has them (ran: vLLM 0.32.0, LiteLLM 1.106.12).
 */
async function isAllowed(address: string, init: RequestInit): Promise<boolean> {
  const answers = ['/health', '/health/liveliness'].map(async (path) => (await fetch(address + path, init)).ok);
  return (await Promise.allSettled(answers)).some((one) => one.status === 'fulfilled' && one.value);
}

/**
 * A failed fetch does not say why. This requests the address once more without CORS, to distinguish a server that is off
 * from one that refuses. In a cross-origin isolated page the browser does not report even that, so the two stay one.
 */
async function whyUnreachable(url: string, cause: unknown, signal: AbortSignal): Promise<Error> {
  const { host, protocol, origin: asked } = new URL(url);
  const { origin } = location;
  let isForbidden = false;
  const hear = ({ blockedURI }: SecurityPolicyViolationEvent): void => {
    isForbidden ||= URL.parse(blockedURI)?.origin === asked;
  };
  document.addEventListener('securitypolicyviolation', hear);
  // The user may stop meanwhile, and the server may leave a request open.
  const asking = {
    ...INIT,
    ...addressSpace(url),
    signal: AbortSignal.any([signal, AbortSignal.timeout(DIAGNOSIS_MS)]),
  };
  try {
    if (url.endsWith(MODELS) && (await isAllowed(url.slice(0, -MODELS.length), asking))) {
      return new AlcoveError('server-key-refused', 'the page may read its health and not its models', {
        data: { host },
        cause,
      });
    }
    await fetch(url, { ...asking, mode: 'no-cors', redirect: 'follow' });
    return new AlcoveError('server-forbids-page', 'it answers, but not to this page', {
      data: { host, origin },
      cause,
    });
  } catch {
    if (signal.aborted) return abortError();
    // The browser reports a forbidden request by an event, one task after the fetch has failed.
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (isForbidden) return new AlcoveError('blocked-by-policy', host, { data: { host }, cause });
    const isMixed = location.protocol === 'https:' && protocol === 'http:' && spaceOf(url) !== 'loopback';
    return new AlcoveError('server-unreachable', 'no connection', { data: { host, origin, isMixed }, cause });
  } finally {
    document.removeEventListener('securitypolicyviolation', hear);
  }
}

/**
 * Tells Chrome that the address is on this computer or in the local network: it then asks the user, and lets an https page
 * request an http address (https://wicg.github.io/local-network-access/, Chrome 142).
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
