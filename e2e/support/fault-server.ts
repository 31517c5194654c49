import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import { HuggingFaceRepos } from './fault-server-huggingface.ts';
import { diskFile, type FileSource, hashFile, syntheticFile } from './synthetic-file.ts';

/**
 * A file host with faults, for tests and benchmarks. Everything is kept in a space, which a test names for itself, so that
 * tests share a server and not its counters.
 *
 * - `/{space}/{path}?seed=1&size=1000` a synthetic file; `?disk=name/file` a file of a directory given at the start
 * - `&fault=…` see `Fault`; `&times=2` for the first two requests only; `&rate=…` bytes/s for the whole space
 * - `POST /_set/{space}/{path}?…` replaces the query of that file from now on: another seed is a changed file
 * - `GET /_hash?seed=1&size=1000` its `FileHashes`
 * - `GET /_requests/{space}` what was asked, as `FaultServerRequest[]`; `POST /_clear/{space}` forgets it
 * - `POST /_repo/{space}/{owner}/{name}` a repository, see HuggingFaceRepos, at the base address `/{space}/huggingface`
 *
 * A second port serves the same and stands for another host.
 */
export interface FaultServer {
  /** Without a slash at the end. */
  readonly origin: string;
  readonly mirrorOrigin: string;
  close(): Promise<void>;
}

/**
 * `reset@N` and `stall@N` after N bytes of the body, `hold@N` until the file's query is set again, `flip@N` a bit of the file's byte N, `short` half the file with a
 * length to match, `200onRange`, `416` for any Range, `429@S` with Retry-After S seconds, `redirect` to the other host,
 * `gzip`, `html200`, `drip@R` R bytes/s, any other number: that status.
 */
export type Fault = string;

export interface FaultServerRequest {
  readonly method: string;
  /** Below the space. */
  readonly path: string;
  readonly range: string | undefined;
  /** When it came, ms of this process. */
  readonly atMs: number;
  status: number;
  /** Of the body, written to the socket. */
  sentBytes: number;
}

interface Clock {
  /** When the next byte is due, ms. */
  nextByteAt: number;
}

interface Context {
  readonly origins: { main: string; mirror: string };
  readonly directories: Readonly<Record<string, string>>;
  readonly requests: Map<string, FaultServerRequest[]>;
  readonly queries: Map<string, URLSearchParams>;
  readonly faultsUsed: Map<string, number>;
  /** Continues the answers that `hold` stopped, by file. */
  readonly held: Map<string, (() => void)[]>;
  /** Of the spaces whose rate is shaped. */
  readonly clocks: Map<string, Clock>;
  readonly repos: HuggingFaceRepos;
}

export async function startFaultServer(
  options: { directories?: Record<string, string>; port?: number } = {},
): Promise<FaultServer> {
  const context: Context = {
    origins: { main: '', mirror: '' },
    directories: options.directories ?? {},
    requests: new Map(),
    queries: new Map(),
    faultsUsed: new Map(),
    held: new Map(),
    clocks: new Map(),
    repos: new HuggingFaceRepos(),
  };
  const handler = (request: IncomingMessage, response: ServerResponse): void => {
    answer(context, request, response).catch(() => response.destroy());
  };
  const servers = [createServer(handler), createServer(handler)] as const;
  context.origins.main = await listen(servers[0], options.port ?? 0);
  context.origins.mirror = await listen(servers[1], 0);
  return {
    origin: context.origins.main,
    mirrorOrigin: context.origins.mirror,
    close: async () => {
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
        await once(server, 'close');
      }
    },
  };
}

async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function answer(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', context.origins.main);
  allowCrossOrigin(response);
  if (request.method === 'OPTIONS') return void response.writeHead(204).end();
  const [first = '', space = '', ...rest] = url.pathname.slice(1).split('/').map(decodeURIComponent);
  if (first.startsWith('_')) return control(context, request, response, first, space, rest, url);
  const path = [space, ...rest].join('/');
  const entry: FaultServerRequest = {
    method: request.method ?? 'GET',
    path,
    range: request.headers.range,
    atMs: performance.now(),
    status: 0,
    sentBytes: 0,
  };
  const log = context.requests.get(first) ?? [];
  context.requests.set(first, [...log, entry]);
  response.on('close', () => {
    entry.status = response.statusCode;
  });
  if (space === 'huggingface') {
    const found = await context.repos.answer(first, rest, url, response, context.origins.mirror);
    if (found === undefined) return;
    return serve(context, first, entry, found, new URLSearchParams(), request, response);
  }
  const query = context.queries.get(`${first}/${path}`) ?? url.searchParams;
  const source = await findSource(context, query);
  if (source === undefined) return void response.writeHead(404).end();
  return serve(context, first, entry, source, query, request, response);
}

async function control(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
  command: string,
  space: string,
  rest: readonly string[],
  url: URL,
): Promise<void> {
  const name = [space, ...rest].join('/');
  if (command === '_requests') return sendJson(response, context.requests.get(space) ?? []);
  if (command === '_set') {
    context.queries.set(name, url.searchParams);
    for (const resume of context.held.get(name)?.splice(0) ?? []) resume();
  } else if (command === '_clear') context.requests.delete(space);
  else if (command === '_repo') await context.repos.define(name, request);
  else if (command === '_hash') {
    const source = await findSource(context, url.searchParams);
    if (source !== undefined) return sendJson(response, await hashFile(source));
    response.statusCode = 404;
  } else response.statusCode = 404;
  response.end();
}

async function findSource(context: Context, query: URLSearchParams): Promise<FileSource | undefined> {
  const disk = query.get('disk');
  if (disk === null) return syntheticFile(Number(query.get('seed') ?? 1), Number(query.get('size') ?? 1000));
  const [directory = '', ...path] = disk.split('/');
  const root = context.directories[directory];
  return root === undefined || path.includes('..') ? undefined : diskFile(resolve(root, ...path));
}

async function serve(
  context: Context,
  space: string,
  entry: FaultServerRequest,
  source: FileSource,
  query: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const fault = takeFault(context, `${space}/${entry.path}`, query);
  const [kind = '', argument = ''] = fault.split('@');
  const amount = Number(argument);
  if (kind === 'html200') {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
    return void response.end('<!doctype html><title>Sign in to this network</title>');
  }
  if (kind === 'redirect') {
    const sound = new URLSearchParams(query);
    sound.delete('fault');
    const location = `${context.origins.mirror}/${space}/${entry.path}?${sound}`;
    return void response.writeHead(302, { Location: location }).end();
  }
  if (kind === '429') return void response.writeHead(429, { 'Retry-After': argument || '1' }).end();
  const range = kind === '200onRange' ? undefined : parseRange(request, source);
  if (range !== undefined && (kind === '416' || range.startByte >= source.sizeBytes)) {
    return void response.writeHead(416, { 'Content-Range': `bytes */${source.sizeBytes}` }).end();
  }
  if (kind !== '416' && /^\d+$/.test(kind)) return void response.writeHead(Number(kind)).end();

  const startByte = range?.startByte ?? 0;
  const endByte = kind === 'short' ? Math.ceil(source.sizeBytes / 2) : (range?.endByte ?? source.sizeBytes);
  response.setHeader('Content-Type', 'application/octet-stream');
  response.setHeader('ETag', source.etag);
  response.setHeader('Accept-Ranges', 'bytes');
  if (range !== undefined) {
    response.setHeader('Content-Range', `bytes ${startByte}-${endByte - 1}/${source.sizeBytes}`);
  }
  if (kind === 'gzip') response.setHeader('Content-Encoding', 'gzip');
  else response.setHeader('Content-Length', endByte - startByte);
  response.writeHead(range === undefined ? 200 : 206);
  if (request.method === 'HEAD') return void response.end();

  const body = kind === 'gzip' ? createGzip() : response;
  if (body !== response) body.pipe(response);
  const rate = kind === 'drip' ? amount : Number(query.get('rate') ?? 0);
  const pace = kind === 'drip' ? paceOf({ nextByteAt: 0 }, rate) : paceOf(clockOf(context, space), rate);
  const holdAt = kind === 'hold' ? amount : Number.POSITIVE_INFINITY;
  for await (const whole of cutAt(holdAt, source.read(startByte, endByte))) {
    if (entry.sentBytes === holdAt) await release(context, `${space}/${entry.path}`, query, response);
    const left = ['reset', 'stall'].includes(kind) ? amount - entry.sentBytes : whole.length;
    const piece = flipped(
      whole.subarray(0, Math.max(0, left)),
      kind === 'flip' ? amount - startByte - entry.sentBytes : -1,
    );
    await pace(piece.length);
    if (response.destroyed) return;
    entry.sentBytes += piece.length;
    if (!body.write(piece) && !response.destroyed) await drained(body, response);
    if (left > whole.length || !['reset', 'stall'].includes(kind)) continue;
    if (kind === 'stall') return;
    // Let the bytes before the reset arrive.
    await sleep(20);
    return void response.socket?.resetAndDestroy();
  }
  body.end();
}

/** The same bytes, with an end of a piece at this place. */
async function* cutAt(place: number, pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  let left = place;
  for await (const piece of pieces) {
    if (left > 0 && left < piece.length) {
      yield piece.subarray(0, left);
      yield piece.subarray(left);
    } else yield piece;
    left -= piece.length;
  }
}

/** Resolves when a file has another query than at the start of the answer, or the connection is gone. */
async function release(
  context: Context,
  file: string,
  query: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  const current = context.queries.get(file);
  // It may be set again before the answer comes to the place where it is held.
  if (current !== undefined && current !== query) return;
  await new Promise<void>((resolve) => {
    context.held.set(file, [...(context.held.get(file) ?? []), resolve]);
    response.once('close', resolve);
  });
}

/** Resolves when a body takes more bytes or its connection is gone. */
async function drained(body: Writable, response: ServerResponse): Promise<void> {
  const stop = new AbortController();
  const events = [once(body, 'drain', stop), once(response, 'close', stop)];
  await Promise.race(events).finally(() => stop.abort());
}

function takeFault(context: Context, key: string, query: URLSearchParams): Fault {
  const fault = query.get('fault') ?? '';
  const used = context.faultsUsed.get(`${key} ${query}`) ?? 0;
  if (used >= Number(query.get('times') ?? Number.POSITIVE_INFINITY)) return '';
  context.faultsUsed.set(`${key} ${query}`, used + 1);
  return fault;
}

function parseRange(request: IncomingMessage, source: FileSource): { startByte: number; endByte: number } | undefined {
  const match = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const ifRange = request.headers['if-range'];
  if (match === null || (ifRange !== undefined && ifRange !== source.etag)) return undefined;
  const last = match[2] ? Number(match[2]) : source.sizeBytes - 1;
  return { startByte: Number(match[1]), endByte: Math.min(source.sizeBytes, last + 1) };
}

function flipped(piece: Buffer, index: number): Buffer {
  if (index < 0 || index >= piece.length) return piece;
  const copy = Buffer.from(piece);
  copy[index] = (copy[index] ?? 0) ^ 1;
  return copy;
}

function clockOf(context: Context, space: string): Clock {
  const clock = context.clocks.get(space) ?? { nextByteAt: 0 };
  context.clocks.set(space, clock);
  return clock;
}

/** Waits until `sizeBytes` more are due at `rate` bytes/s; bodies with one clock share the rate. */
function paceOf(clock: Clock, rate: number): (sizeBytes: number) => Promise<void> {
  if (!(rate > 0)) return async () => {};
  return async (sizeBytes) => {
    const now = performance.now();
    clock.nextByteAt = Math.max(now, clock.nextByteAt) + (sizeBytes / rate) * 1000;
    // Timers are coarse: short debts are kept until they are worth one.
    const aheadMs = clock.nextByteAt - now;
    if (aheadMs > 4) await sleep(aheadMs);
  };
}

function allowCrossOrigin(response: ServerResponse): void {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Access-Control-Allow-Headers', '*');
  response.setHeader('Access-Control-Allow-Methods', 'GET, HEAD, POST');
  response.setHeader('Access-Control-Expose-Headers', 'ETag, Content-Range, Accept-Ranges, Retry-After, Link');
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  response.setHeader('Cache-Control', 'no-store');
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(value));
}
