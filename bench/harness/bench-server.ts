import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { Mailbox } from './mailbox.ts';
import { TokenBucket } from './token-bucket.ts';

const SLICE_BYTES = 128 * 1024;

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** The site's own headers for cross-origin isolation, which WebAssembly threads need. */
const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

const COMPRESSED = /^text\/|javascript|json|svg/;

/** One answered request. */
export interface Served {
  readonly path: string;
  readonly range: string | undefined;
  /** `Sec-Fetch-Dest`: `script`, `worker`, `serviceworker`, `document`, `empty` … */
  readonly destination: string | undefined;
  readonly contentType: string;
  /** performance.now() when the request arrived. */
  readonly atMs: number;
  /** Body bytes handed to the socket so far, compressed if the response is. */
  sentBytes: number;
}

/**
 * Serves the benchmarks' files: folders with gzip, and files held in memory with ranges and a speed limit. Paths are relative
 * to the origin, without the leading slash.
 */
export class BenchServer {
  readonly origin: string;
  readonly mailbox = new Mailbox();
  /** All requests since `forget`. */
  served: Served[] = [];
  readonly #server: Server;
  readonly #folders = new Map<string, string>();
  readonly #files = new Map<string, Buffer>();
  readonly #gzipped = new Map<string, Buffer>();
  readonly #seen = new WeakSet<Socket>();
  #link: TokenBucket | undefined;
  #connectDelayMs = 0;

  private constructor(server: Server) {
    this.#server = server;
    // Not `localhost`, because web-llm does not cache a library from there.
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => {
      this.#answer(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
  }

  static async start(): Promise<BenchServer> {
    const server = createServer({ keepAliveTimeout: 60_000 });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new BenchServer(server);
  }

  addFolder(prefix: string, folder: string): void {
    this.#folders.set(prefix, folder);
  }

  addFile(path: string, bytes: Buffer): void {
    this.#files.set(path, bytes);
  }

  /** Limits the files held in memory, all connections together; undefined for no limit. */
  setSpeed(bytesPerSecond: number | undefined): void {
    this.#link = bytesPerSecond === undefined ? undefined : new TokenBucket(bytesPerSecond);
  }

  /** Delays the first response of each connection, which the loopback would not. */
  setConnectDelay(delayMs: number): void {
    this.#connectDelayMs = delayMs;
  }

  forget(): void {
    this.served = [];
  }

  /** @returns body bytes sent for paths with this prefix */
  sentBytes(prefix: string): number {
    return this.served.reduce((sum, { path, sentBytes }) => sum + (path.startsWith(prefix) ? sentBytes : 0), 0);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.#seen.has(request.socket)) {
      this.#seen.add(request.socket);
      if (this.#connectDelayMs > 0) await sleep(this.#connectDelayMs);
    }
    const path = decodeURIComponent(new URL(request.url ?? '/', this.origin).pathname).slice(1);
    const file = this.#files.get(path) ?? pageFor(path);
    if (path === 'mail') await this.mailbox.handle(request, response);
    else if (file !== undefined) await this.#send(request, response, path, file);
    else await this.#sendFromFolder(request, response, path);
  }

  async #send(request: IncomingMessage, response: ServerResponse, path: string, bytes: Buffer): Promise<void> {
    const { range } = request.headers;
    const match = /^bytes=(\d+)-(\d*)$/.exec(range ?? '');
    const from = match === null ? 0 : Number(match[1]);
    const to = match?.[2] ? Math.min(Number(match[2]) + 1, bytes.length) : bytes.length;
    const contentType = TYPES[extname(path)] ?? (path.startsWith('page/') ? TYPES['.html'] : undefined);
    response.writeHead(match === null ? 200 : 206, {
      'Content-Type': contentType ?? 'application/octet-stream',
      'Content-Length': to - from,
      'Cache-Control': 'no-store',
      'Accept-Ranges': 'bytes',
      ...ISOLATED,
      ETag: `"${bytes.length}"`,
      ...(match !== null && { 'Content-Range': `bytes ${from}-${to - 1}/${bytes.length}` }),
    });
    const served = this.#note(request, path, String(response.getHeader('Content-Type')));
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    for (let at = from; at < to && !response.destroyed; at += SLICE_BYTES) {
      const slice = bytes.subarray(at, Math.min(at + SLICE_BYTES, to));
      await this.#link?.take(slice.length);
      served.sentBytes += slice.length;
      if (!response.write(slice)) await drained(response);
    }
    response.end();
  }

  async #sendFromFolder(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const [prefix, folder] = [...this.#folders].find(([candidate]) => path.startsWith(candidate)) ?? ['', undefined];
    const name = path.endsWith('/') ? `${path}index.html` : path;
    // With a leading slash, `normalize` cannot leave the folder.
    const target = folder === undefined ? undefined : join(folder, normalize(`/${name.slice(prefix.length)}`));
    const bytes = target === undefined ? undefined : await readFile(target).catch(() => undefined);
    if (target === undefined || bytes === undefined) {
      this.#note(request, path, '');
      response.writeHead(404).end();
      return;
    }
    const contentType = TYPES[extname(target)] ?? 'application/octet-stream';
    const body = COMPRESSED.test(contentType) ? this.#gzip(target, bytes) : bytes;
    response.writeHead(200, {
      ...ISOLATED,
      'Content-Type': contentType,
      'Content-Length': body.length,
      'Cache-Control': 'no-cache',
      ...(body !== bytes && { 'Content-Encoding': 'gzip' }),
    });
    this.#note(request, path, contentType).sentBytes = body.length;
    response.end(body);
  }

  #gzip(name: string, bytes: Buffer): Buffer {
    const known = this.#gzipped.get(name);
    if (known !== undefined) return known;
    const gzipped = gzipSync(bytes, { level: 9 });
    this.#gzipped.set(name, gzipped);
    return gzipped;
  }

  #note(request: IncomingMessage, path: string, contentType: string): Served {
    const destination = request.headers['sec-fetch-dest'];
    const served: Served = {
      path,
      range: request.headers.range,
      destination: typeof destination === 'string' ? destination : undefined,
      contentType,
      atMs: performance.now(),
      sentBytes: 0,
    };
    this.served.push(served);
    return served;
  }
}

/** `page/name`: an empty page that runs the module `pages/name.js`. */
function pageFor(path: string): Buffer | undefined {
  const name = /^page\/([\w-]+)$/.exec(path)?.[1];
  if (name === undefined) return undefined;
  const html = `<!doctype html><meta charset="utf-8"><title>${name}</title><link rel="icon" href="data:,">`;
  return Buffer.from(`${html}<script type="module" src="/pages/${name}.js"></script>`);
}

/** Resolves when the socket takes more bytes or is closed. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}
