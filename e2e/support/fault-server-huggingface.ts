import type { IncomingMessage, ServerResponse } from 'node:http';
import { type FileSource, hashFile, memoryFile, syntheticFile } from './synthetic-file.ts';

/** A repository as a test defines it. */
export interface RepoDefinition {
  readonly commit: string;
  /** Answers 403 to files, and to everything if `hidden`, as for a repository that is private or does not exist. */
  readonly gated?: boolean;
  readonly hidden?: boolean;
  /** Answers 429 to everything. */
  readonly limited?: boolean;
  /** Every page of its listing names another one. */
  readonly endless?: boolean;
  /** Of the repository's card: `{ license: 'apache-2.0' }`. */
  readonly card?: Readonly<Record<string, string>>;
  readonly files: readonly RepoFile[];
}

export interface RepoFile {
  readonly path: string;
  readonly lfs: boolean;
  /** Made-up bytes. */
  readonly seed?: number;
  readonly size?: number;
  /** The bytes themselves. */
  readonly base64?: string;
}

/** Files of one page of a listing: few, so that every repository has more than one. */
const PAGE_SIZE = 3;

/** Answers as huggingface.co does: its API, and file addresses that redirect to another host. */
export class HuggingFaceRepos {
  readonly #repos = new Map<string, RepoDefinition>();

  /** @param name `space/owner/name` */
  async define(name: string, request: IncomingMessage): Promise<void> {
    let text = '';
    for await (const piece of request) text += String(piece);
    this.#repos.set(name, JSON.parse(text));
  }

  /** @returns the file to serve, or undefined when it has answered by itself */
  async answer(
    space: string,
    segments: readonly string[],
    url: URL,
    response: ServerResponse,
    cdnOrigin: string,
  ): Promise<FileSource | undefined> {
    const isApi = segments[0] === 'api';
    const [owner, name, verb, revision, ...path] = isApi ? segments.slice(2) : segments;
    const repo = this.#repos.get(`${space}/${owner}/${name}`);
    if (repo?.limited) {
      response.setHeader('Retry-After', '120');
      return refuse(response, 429, 'Too many requests.');
    }
    if (repo === undefined || repo.hidden) return refuse(response, 401, 'Invalid username or password.');
    if (revision !== 'main' && revision !== repo.commit) return refuse(response, 404, 'Invalid rev id');
    if (isApi && verb === 'revision') {
      const gated = repo.gated ? 'manual' : false;
      return sendJson(response, { sha: repo.commit, gated, cardData: repo.card ?? {} });
    }
    if (isApi && verb === 'tree') return sendPage(response, url, repo);
    if (repo.gated) return refuse(response, 403, 'Access to this model is restricted.');
    const file = repo.files.find((candidate) => candidate.path === path.join('/'));
    if (file === undefined) return refuse(response, 404, 'Entry not found');
    if (verb === 'resolve' && file.lfs) {
      const location = `${cdnOrigin}/${space}/huggingface/${owner}/${name}/cdn/${revision}/${file.path}`;
      response.writeHead(302, { Location: location }).end();
      return undefined;
    }
    return contentOf(file);
  }
}

function contentOf({ base64, seed = 1, size = 0 }: RepoFile): FileSource {
  return base64 === undefined ? syntheticFile(seed, size) : memoryFile(Buffer.from(base64, 'base64'));
}

async function sendPage(response: ServerResponse, url: URL, repo: RepoDefinition): Promise<undefined> {
  const start = Number(url.searchParams.get('cursor') ?? 0);
  if (repo.endless || start + PAGE_SIZE < repo.files.length) {
    const next = new URL(url);
    next.searchParams.set('cursor', String(start + PAGE_SIZE));
    response.setHeader('Link', `<${next.href}>; rel="next"`);
  }
  const entries = repo.files.slice(start, start + PAGE_SIZE).map(async (file) => {
    const content = contentOf(file);
    const { sha256, gitBlobId } = await hashFile(content);
    const size = content.sizeBytes;
    const common = { type: 'file', oid: gitBlobId, size, path: file.path };
    return file.lfs ? { ...common, lfs: { oid: sha256, size, pointerSize: 134 } } : common;
  });
  return sendJson(response, await Promise.all(entries));
}

function sendJson(response: ServerResponse, value: unknown): undefined {
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(value));
  return undefined;
}

function refuse(response: ServerResponse, status: number, error: string): undefined {
  response.statusCode = status;
  return sendJson(response, { error });
}
