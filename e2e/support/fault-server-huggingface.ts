import type { IncomingMessage, ServerResponse } from 'node:http';
import { type FileSource, hashFile, syntheticFile } from './synthetic-file.ts';

/** A repository as a test defines it. */
export interface RepoDefinition {
  readonly commit: string;
  /** Answers 403 to files, and to everything if `hidden`, as for a repository that is private or does not exist. */
  readonly gated?: boolean;
  readonly hidden?: boolean;
  readonly files: readonly {
    readonly path: string;
    readonly seed: number;
    readonly size: number;
    readonly lfs: boolean;
  }[];
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
    if (repo === undefined || repo.hidden) return refuse(response, 401, 'Invalid username or password.');
    if (revision !== 'main' && revision !== repo.commit) return refuse(response, 404, 'Invalid rev id');
    if (isApi && verb === 'revision') return sendJson(response, { sha: repo.commit, gated: repo.gated ?? false });
    if (isApi && verb === 'tree') return sendPage(response, url, repo);
    if (repo.gated) return refuse(response, 403, 'Access to this model is restricted.');
    const file = repo.files.find((candidate) => candidate.path === path.join('/'));
    if (file === undefined) return refuse(response, 404, 'Entry not found');
    if (verb === 'resolve' && file.lfs) {
      const location = `${cdnOrigin}/${space}/huggingface/${owner}/${name}/cdn/${revision}/${file.path}`;
      response.writeHead(302, { Location: location }).end();
      return undefined;
    }
    return syntheticFile(file.seed, file.size);
  }
}

async function sendPage(response: ServerResponse, url: URL, repo: RepoDefinition): Promise<undefined> {
  const start = Number(url.searchParams.get('cursor') ?? 0);
  if (start + PAGE_SIZE < repo.files.length) {
    const next = new URL(url);
    next.searchParams.set('cursor', String(start + PAGE_SIZE));
    response.setHeader('Link', `<${next.href}>; rel="next"`);
  }
  const entries = repo.files.slice(start, start + PAGE_SIZE).map(async (file) => {
    const { sha256, gitBlobId } = await hashFile(syntheticFile(file.seed, file.size));
    const common = { type: 'file', oid: gitBlobId, size: file.size, path: file.path };
    return file.lfs ? { ...common, lfs: { oid: sha256, size: file.size, pointerSize: 134 } } : common;
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
