import { AlcoveError, isAbortError } from '../../platform/errors.ts';
import { BodyMeter } from '../../platform/requests.ts';
import { findBlockedHost, networkError, PRIVATE_REQUEST, responseError } from '../http.ts';

export interface BodyRequest {
  readonly url: string;
  readonly startByte: number;
  /** Exclusive; undefined for all the rest. */
  readonly endByte?: number;
  readonly etag: string | undefined;
  readonly stallTimeoutMs: number;
  readonly signal: AbortSignal;
}

export interface BodyHandler {
  /** Called before the first byte. A throw ends the request. */
  onResponse(response: Response): Promise<void>;
  /** The next piece overwrites this one, after the promise has resolved. */
  onPiece(piece: Uint8Array): Promise<void>;
}

/** Bytes of one read: as much as Chromium mostly has ready. */
const PIECE_BYTES = 256 * 1024;

/**
 * Fetches a file or a range of it, piece by piece.
 * @throws AlcoveError for any status but 200, 206 and 416, `offline`, `blocked-by-policy`, `stalled`; AbortError
 */
export async function readBody(request: BodyRequest, handler: BodyHandler): Promise<void> {
  const { url, signal } = request;
  const stall = new StallTimer(request.stallTimeoutMs, url);
  const meter = new BodyMeter(url);
  const onPiece = (piece: Uint8Array): Promise<void> => {
    meter.add(piece.length);
    return stall.pauseFor(handler.onPiece(piece));
  };
  try {
    const response = await fetch(url, {
      ...PRIVATE_REQUEST,
      headers: rangeHeaders(request),
      signal: AbortSignal.any([signal, stall.signal]),
    });
    const error = response.status === 416 ? undefined : responseError(response, url);
    if (error !== undefined) throw error;
    await stall.pauseFor(handler.onResponse(response));
    if (response.body !== null) await readPieces(response.body, onPiece);
  } catch (error) {
    meter.report();
    if (signal.aborted) throw signal.reason;
    if (stall.signal.aborted) throw stall.signal.reason;
    if (AlcoveError.isInstance(error) || isAbortError(error)) throw error;
    throw networkError(error, url, await findBlockedHost(url));
  } finally {
    stall.end();
  }
}

/** Reads into one buffer where the browser supports it: a new one for every piece costs time and 40 MiB of garbage. */
async function readPieces(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onPiece: (piece: Uint8Array) => Promise<void>,
): Promise<void> {
  const reader = byteReader(body);
  if (reader === undefined) {
    const pieces = body.getReader();
    for (let part = await pieces.read(); !part.done; part = await pieces.read()) await onPiece(part.value);
    return;
  }
  let buffer = new ArrayBuffer(PIECE_BYTES);
  while (true) {
    const { done, value } = await reader.read(new Uint8Array(buffer));
    if (done) return;
    await onPiece(value);
    buffer = value.buffer;
  }
}

/** @returns undefined in Safari, where bodies are no byte streams */
function byteReader(body: ReadableStream<Uint8Array<ArrayBuffer>>): ReadableStreamBYOBReader | undefined {
  try {
    return body.getReader({ mode: 'byob' });
  } catch {
    return undefined;
  }
}

function rangeHeaders({ url, startByte, endByte, etag }: BodyRequest): Record<string, string> {
  if (startByte === 0 && endByte === undefined) return {};
  const range = `bytes=${startByte}-${endByte === undefined ? '' : endByte - 1}`;
  // Across origins If-Range needs a preflight, which hosts of weights do not answer: the caller compares their ETag
  // instead, and the hash decides. Weak validators may not be sent: https://www.rfc-editor.org/rfc/rfc9110#field.if-range
  const isSameOrigin = new URL(url).origin === globalThis.origin;
  return isSameOrigin && etag !== undefined && !etag.startsWith('W/')
    ? { Range: range, 'If-Range': etag }
    : { Range: range };
}

/** Aborts its signal when a connection sends nothing. Time in which this worker is busy does not count. */
class StallTimer {
  readonly #controller = new AbortController();
  readonly #timeoutMs: number;
  readonly #url: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waitingSince: number | undefined;

  constructor(timeoutMs: number, url: string) {
    this.#timeoutMs = timeoutMs;
    this.#url = url;
    this.#waitingSince = performance.now();
    this.#arm(timeoutMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  async pauseFor(work: Promise<void>): Promise<void> {
    this.#waitingSince = undefined;
    await work;
    this.#waitingSince = performance.now();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  /** One timer that compares the clock: setting a timer for each of thousands of pieces costs more. */
  #arm(delayMs: number): void {
    this.#timer = setTimeout(() => {
      const waitedMs = this.#waitingSince === undefined ? 0 : performance.now() - this.#waitingSince;
      if (waitedMs < this.#timeoutMs) return this.#arm(this.#timeoutMs - waitedMs);
      const { host } = new URL(this.#url);
      this.#controller.abort(new AlcoveError('stalled', `${host} sends nothing`, { data: { url: this.#url } }));
    }, delayMs);
  }
}
