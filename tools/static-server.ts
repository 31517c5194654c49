import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { gzipSync } from 'node:zlib';

const MIME_TYPES: Readonly<Record<string, string>> = {
  '.bin': 'application/octet-stream',
  '.css': 'text/css; charset=utf-8',
  '.gguf': 'application/octet-stream',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

/** The headers that docs/hosting.md recommends; for hub.html there are others too. */
export const RECOMMENDED_HEADERS: Readonly<Record<string, string>> = {
  // Cross-origin isolation, which threads of WebAssembly need.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  // Other sites may embed the element, so scripts, workers, catalogue and toy are public.
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Access-Control-Allow-Origin': '*',
  // No other site may frame the app and trick its user into a click.
  'Content-Security-Policy': "frame-ancestors 'self'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

const COMPRESSIBLE = new Set(['.css', '.html', '.js', '.json', '.svg', '.webmanifest']);

export interface StaticFilesOptions {
  readonly root: string;
  /** Sent with each response. Default: RECOMMENDED_HEADERS. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Serves GET and HEAD from a folder: MIME types, single ranges, validators, gzip for text. Never leaves the folder. */
export function staticFiles(options: StaticFilesOptions): RequestListener {
  const headers = options.headers ?? RECOMMENDED_HEADERS;
  return (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    // Other sites frame the hub; its own list says which may.
    if (isHub(request)) response.removeHeader('Content-Security-Policy');
    answer(options.root, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  };
}

/** Listens on the loopback only. `port` 0 takes a free port. Rejects when the port is taken. */
export async function listen(listener: RequestListener, port = 0): Promise<{ server: Server; origin: string }> {
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return { server, origin: `http://localhost:${address.port}` };
}

export async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

function isHub({ url = '' }: IncomingMessage): boolean {
  return /^[^?]*\/hub\.html(\?|$)/.test(url);
}

async function answer(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405);
  const file = await locate(root, request.url ?? '/');
  if (file === undefined) return end(response, 404);
  const type = extname(file.path);
  response.setHeader('Content-Type', MIME_TYPES[type] ?? 'application/octet-stream');
  response.setHeader('Cache-Control', /[/\\]assets[/\\]/.test(file.path) ? 'max-age=31536000, immutable' : 'no-cache');
  response.setHeader('ETag', file.etag);
  if (request.headers['if-none-match'] === file.etag) return end(response, 304);
  // Model files are sent uncompressed, so that length and ranges are the file's.
  const isModelFile = /[/\\]models[/\\]/.test(file.path);
  if (COMPRESSIBLE.has(type) && !isModelFile && acceptsGzip(request)) return sendCompressed(file, request, response);
  response.setHeader('Accept-Ranges', 'bytes');
  sendBytes(file, request, response);
}

interface LocatedFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly etag: string;
}

async function locate(root: string, requestUrl: string): Promise<LocatedFile | undefined> {
  let pathname: string;
  try {
    pathname = decodeURIComponent(new URL(requestUrl, 'http://localhost').pathname);
  } catch {
    return undefined;
  }
  const path = normalize(join(root, pathname.endsWith('/') ? `${pathname}index.html` : pathname));
  if (!path.startsWith(normalize(root) + sep) || path.includes('\0')) return undefined;
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined || !stats.isFile()) return undefined;
  return {
    path,
    sizeBytes: stats.size,
    etag: `"${stats.size.toString(36)}-${Math.floor(stats.mtimeMs).toString(36)}"`,
  };
}

const compressed = new Map<string, Buffer>();

async function sendCompressed(file: LocatedFile, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const key = `${file.path} ${file.etag}`;
  let body = compressed.get(key);
  if (body === undefined) {
    body = gzipSync(await readFile(file.path));
    compressed.set(key, body);
  }
  response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Length': body.byteLength, Vary: 'Accept-Encoding' });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function sendBytes(file: LocatedFile, request: IncomingMessage, response: ServerResponse): void {
  const range = requestedRange(request, file);
  if (range === 'unsatisfiable') {
    response.setHeader('Content-Range', `bytes */${file.sizeBytes}`);
    end(response, 416);
    return;
  }
  const { start, end: last } = range ?? { start: 0, end: file.sizeBytes - 1 };
  response.setHeader('Content-Length', last - start + 1);
  if (range !== undefined) response.setHeader('Content-Range', `bytes ${start}-${last}/${file.sizeBytes}`);
  response.writeHead(range === undefined ? 200 : 206);
  if (request.method === 'HEAD' || file.sizeBytes === 0) {
    response.end();
    return;
  }
  createReadStream(file.path, { start, end: last })
    .on('error', () => response.destroy())
    .pipe(response);
}

/** One byte range, both ends included; undefined for the whole file. */
function requestedRange(
  request: IncomingMessage,
  file: LocatedFile,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '');
  const validator = request.headers['if-range'];
  if (match === null || (validator !== undefined && validator !== file.etag)) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, file.sizeBytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? file.sizeBytes - 1 : Math.min(Number(last), file.sizeBytes - 1);
  return start > end ? 'unsatisfiable' : { start, end };
}

function acceptsGzip(request: IncomingMessage): boolean {
  return request.headers.range === undefined && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status);
  response.end();
}
