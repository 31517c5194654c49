/** Every failure that Alcove can name. Codes are stable: the interface, tests and host pages depend on them. */
export type ErrorCode =
  // The device
  | 'webgpu-missing' // the browser has no navigator.gpu
  | 'gpu-adapter-missing' // WebGPU is there, but no adapter answers
  | 'gpu-feature-missing' // data: { feature }
  | 'gpu-limit-too-low' // data: { limit, needed, available }
  | 'memory-too-small' // for the model; data: { neededBytes, availableBytes }
  | 'model-not-for-chat' // an embedding model
  | 'model-too-large' // for any browser; a server of the user's own runs it
  // The engine
  | 'engine-crashed' // its worker died or threw outside a call; data: { tab: 'gone' } if only its tab was closed
  | 'engine-hung' // its worker stopped answering
  | 'engine-busy' // another answer is being written
  | 'device-lost' // the GPU device was lost
  | 'out-of-memory' // the GPU could not allocate
  | 'library-mismatch' // the compiled library does not fit the weights
  | 'load-failed'
  | 'self-test-failed' // the loaded model answers a known prompt wrongly; data: { reason }
  | 'tab-killed' // the last load of this model ended the page
  | 'model-not-loaded'
  | 'generation-failed'
  | 'template-failed' // the model's chat template refuses the conversation; data: { reason }
  | 'context-exceeded' // data: { promptTokens?, contextWindow? }
  | 'context-full' // not sent: it would not fit, and the user has set no policy; data: { promptTokens, contextWindow, isEstimated }
  | 'prompt-empty'
  | 'message-too-long' // not accepted in the composer; data: { characters, limit }
  | 'unsupported' // the engine or the model cannot do it; data: { feature }
  | 'browser-model-refused' // by the browser, whose own model it is; data: { reason: 'NotAllowedError' | 'NotReadableError' }
  // The download
  | 'offline' // no connection, after all retries
  | 'stalled' // a connection that sends nothing
  | 'not-found' // 404; data: { url }
  | 'access-denied' // 401, 403: gated or private; data: { url }
  | 'rate-limited' // 429; data: { url, retryAfterMs? }
  | 'server-error' // any other status; data: { url, status }
  | 'not-weights' // a web page where a file should be; data: { url }
  | 'file-truncated' // shorter than promised; data: { path, expectedBytes, receivedBytes }
  | 'file-corrupt' // the SHA-256 is wrong; data: { path, host, expected, received }
  | 'file-changed' // differs from what its pinned revision held; data: { path }
  | 'blocked-by-policy' // a content security policy forbids the host; data: { host }
  // A custom server; data: { host }
  | 'address-invalid' // no http or https address
  | 'server-unreachable' // no connection; data: { host, isMixed }: isMixed, an http address on a page that came by https
  | 'server-forbids-page' // it answers, but its CORS headers keep this page out; data: { host, origin }
  | 'server-key-refused' // 401, 403
  | 'server-model-unknown' // data: { host, model }
  | 'server-cut-off' // the connection broke in the middle of an answer
  | 'server-answer-invalid' // not what the protocol defines
  | 'server-silent' // connected, and not a byte; data: { host, seconds }
  | 'server-failed' // any other refusal; data: { host, status?, reason? }
  // Storage
  | 'insecure-context' // http, other than on localhost: the browser has no locks, no crypto.randomUUID, no workers' storage
  | 'quota-exceeded' // data: { neededBytes, freeBytes }
  | 'storage-unavailable' // no IndexedDB, or it refuses to open
  | 'storage-blocked' // an old tab holds an older version open
  | 'storage-outdated' // a newer version of the page, in another tab, has taken the database over
  | 'model-in-use' // another tab has it loaded
  | 'model-missing' // not stored, or evicted by the browser
  | 'model-damaged' // what is stored fails its SHA-256; data: { path }
  // Data
  | 'catalogue-invalid' // data: { path } into the JSON, or { isWebPage }
  | 'model-unknown'
  | 'record-broken' // a stored chat that cannot be read; data: { id }
  // A GGUF
  | 'not-gguf' // data: { path }
  | 'gguf-cut-short' // data: { path, expectedBytes, receivedBytes }
  | 'gguf-invalid' // its header contradicts itself, or is made to do harm; data: { path, reason }
  | 'gguf-unsupported' // data: { path, reason: 'version' | 'big-endian' | 'architecture' |
  // 'no-weights' | 'projector' | 'adapter' | 'imatrix', architecture? }
  | 'projector-mismatch' // a projector of another model; data: { path, needed, embeddingLength }
  | 'passphrase-needed' // an encrypted backup, and none was given
  | 'passphrase-wrong'
  | 'backup-damaged' // an encrypted backup that was cut or changed
  | 'import-unreadable' // no file that chats can be read from; data: { reason: 'not-json' | 'zip' | 'newer' | 'age-key' }
  | 'gguf-parts-missing' // of a split one; data: { path, count, present }
  // A repository on Hugging Face
  | 'repo-missing' // or private; data: { repo, host }
  | 'repo-unnamed' // the text names neither a repository nor an address
  | 'repo-gated' // data: { repo, url }
  | 'repo-without-gguf' // data: { repo, isMlc }
  | 'repo-without-mlc' // data: { repo }
  // A file on the user's disk; data: { path }
  | 'file-permission' // the user has to allow the file again
  | 'file-gone' // moved or deleted, or opened in a visit that has ended
  | 'file-replaced' // another file of that name
  // A model's archive
  | 'archive-invalid' // data: { reason }
  | 'archive-version' // data: { version }
  | 'archive-cut-short' // data: { expectedBytes, receivedBytes }
  // A document that the user attaches; data: { kind? }, a DocumentKind
  | 'document-empty' // nothing in it
  | 'document-unsupported' // of a kind that is not read here; data: { kind? }, also 'doc' or 'rtf'
  | 'document-locked' // a password is needed
  | 'document-broken' // cut short, damaged, or made to do harm
  | 'document-without-text' // a scan: its pages are pictures; data: { pages }
  | 'document-too-large' // data: { limit, unit: 'bytes' | 'pages' | 'characters' | 'files' }
  | 'document-changed' // the file was changed, moved or deleted while it was read
  // A picture that the user attaches; the others are those of a document
  | 'picture-unsupported' // data: { kind?: 'svg' | 'heic' }
  | 'picture-too-large' // to be decoded; data: { width, height, limit }, in pixels
  | 'worker-failed' // a worker did not start: its script is missing, or a policy blocks it; data: { worker }
  // A page that embeds the element
  | 'attribute-invalid' // data: { attribute, reason }
  | 'tool-invalid' // not registered; data: { tool, reason }
  // A page whose chat is in a hub; data: { hub }, its address
  | 'hub-unreachable' // no frame, or one that does not speak the protocol: 404, another page, another origin
  | 'hub-refuses-page' // the hub's list does not have the page; data: { hub, origin }
  | 'hub-version-unknown' // page and hub have no version of the protocol in common
  | 'hub-disconnected' // one side has sent what is no message, or too many; data: { hub, reason }
  | 'hub-forbids' // the page may not do this, or read this, in a hub; data: { hub, member }
  // A model record from outside
  | 'record-invalid' // data: { path } into its JSON
  | 'internal';

/** What accompanies a code: plain values that survive a worker boundary and JSON. */
export type ErrorData = Readonly<Record<string, string | number | boolean | undefined>>;

const marker = Symbol.for('alcove.error');

/** The one error class. `cause` keeps the original; `message` is for developers, never shown as it is. */
export class AlcoveError extends Error {
  readonly [marker] = true;
  readonly code: ErrorCode;
  readonly data: ErrorData;

  constructor(code: ErrorCode, message: string, options: { data?: ErrorData; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'AlcoveError';
    this.code = code;
    this.data = options.data ?? {};
  }

  /** True for an AlcoveError of any bundle or realm, where `instanceof` fails. */
  static isInstance(value: unknown): value is AlcoveError {
    return value instanceof Error && marker in value;
  }
}

/** An error as it crosses a worker, a channel or a database. */
export interface WireError {
  readonly name: 'AlcoveError' | 'AbortError';
  readonly code: ErrorCode;
  readonly message: string;
  readonly data: ErrorData;
}

/** A cancel is neither success nor a failure: always this DOMException. */
export function abortError(): DOMException {
  return new DOMException('The operation was cancelled.', 'AbortError');
}

export function isAbortError(value: unknown): boolean {
  return value instanceof Error && value.name === 'AbortError';
}

/** Gives any thrown value a code; an AlcoveError stays what it is. */
export function toAlcoveError(value: unknown, code: ErrorCode = 'internal'): AlcoveError {
  if (AlcoveError.isInstance(value)) return value;
  const message = value instanceof Error ? `${value.name}: ${value.message}` : String(value);
  return new AlcoveError(code, message, { cause: value });
}

export function toWireError(value: unknown, code: ErrorCode = 'internal'): WireError {
  if (isAbortError(value)) return { name: 'AbortError', code: 'internal', message: 'cancelled', data: {} };
  const error = toAlcoveError(value, code);
  return { name: 'AlcoveError', code: error.code, message: error.message, data: error.data };
}

export function fromWireError(wire: WireError): AlcoveError | DOMException {
  if (wire.name === 'AbortError') return abortError();
  return new AlcoveError(wire.code, wire.message, { data: wire.data });
}
