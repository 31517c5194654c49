import { AlcoveError, isAbortError } from '../platform/errors.ts';
import { isFields } from '../platform/untrusted-json.ts';
import { type PlanOptions, request } from './http.ts';

const DEFAULT_URL = 'https://huggingface.co';

export interface RepositoryEntry {
  readonly path: string;
  readonly sizeBytes: number;
  /** Listed for large files (LFS) only. */
  readonly sha256: string | undefined;
  readonly gitBlobId: string;
}

/** A repository at one commit. */
export interface RepositoryInfo {
  readonly commit: string;
  /** Files can be downloaded only after a login and an agreement. */
  readonly isGated: boolean;
  /** As the repository's card names it: `apache-2.0`. */
  readonly licence: string | undefined;
  readonly licenceUrl: string | undefined;
}

/** The commit of a branch. @throws AlcoveError as planDownload; `not-found` also for a private repository (401) */
export async function pinRevision(repo: string, revision: string, options: PlanOptions): Promise<string> {
  return (await readRepositoryInfo(repo, revision, options)).commit;
}

/** @throws AlcoveError as pinRevision */
export async function readRepositoryInfo(
  repo: string,
  revision: string,
  options: PlanOptions,
): Promise<RepositoryInfo> {
  const url = apiUrl(repo, `revision/${encodeURIComponent(revision)}`, options);
  const { json } = await requestJson(url, repo, options);
  if (!isFields(json) || typeof json['sha'] !== 'string') throw notAListing(url);
  const card = isFields(json['cardData']) ? json['cardData'] : {};
  const textOf = (value: unknown): string | undefined =>
    typeof value === 'string' && value !== '' ? value : undefined;
  return {
    commit: json['sha'],
    isGated: json['gated'] !== undefined && json['gated'] !== false,
    licence: textOf(card['license_name']) ?? textOf(card['license']),
    licenceUrl: textOf(card['license_link']),
  };
}

/** Pages of a listing, of 1,000 entries each: the largest repositories have some 10,000 files. */
const MOST_PAGES = 100;

/** @throws AlcoveError as pinRevision; `not-weights` for a listing that does not end */
export async function listRepository(repo: string, commit: string, options: PlanOptions): Promise<RepositoryEntry[]> {
  const entries: RepositoryEntry[] = [];
  let url: string | undefined = apiUrl(repo, `tree/${encodeURIComponent(commit)}?recursive=true`, options);
  for (let pages = 0; url !== undefined; pages++) {
    if (pages === MOST_PAGES) throw notAListing(url);
    const page: { json: unknown; nextUrl: string | undefined } = await requestJson(url, repo, options);
    if (!Array.isArray(page.json)) throw notAListing(url);
    entries.push(...page.json.flatMap(readEntry));
    url = page.nextUrl;
  }
  return entries;
}

/** The address of a file's bytes, on the mirror or on Hugging Face. */
export function resolveUrl(repo: string, commit: string, path: string, options: PlanOptions): string {
  return `${hostUrl(options)}/${repo}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`;
}

async function requestJson(
  url: string,
  repo: string,
  options: PlanOptions,
): Promise<{ json: unknown; nextUrl: string | undefined }> {
  let response: Response;
  try {
    response = await request(url, {}, options);
  } catch (error) {
    if (!AlcoveError.isInstance(error) || error.code !== 'access-denied' || error.data['status'] !== 401) throw error;
    throw new AlcoveError('not-found', `${repo} does not exist, or is private`, { data: { url }, cause: error });
  }
  try {
    return { json: await response.json(), nextUrl: nextPage(response.headers.get('Link'), url) };
  } catch (error) {
    if (isAbortError(error)) throw error;
    throw notAListing(url);
  }
}

/** https://www.rfc-editor.org/rfc/rfc8288 as far as Hugging Face uses it: `<url>; rel="next"` */
function nextPage(link: string | null, url: string): string | undefined {
  const next = /<([^>]+)>;\s*rel="?next"?/.exec(link ?? '')?.[1];
  if (next === undefined) return undefined;
  // A mirror may forward Hugging Face's own address: stay on the host of the listing.
  const { pathname, search } = new URL(next, url);
  const here = new URL(url);
  return new URL(next, url).origin === here.origin ? new URL(next, url).href : new URL(pathname + search, url).href;
}

function readEntry(value: unknown): RepositoryEntry[] {
  if (!isFields(value) || value['type'] !== 'file') return [];
  const { path, size, oid, lfs } = value;
  if (typeof path !== 'string' || typeof size !== 'number' || typeof oid !== 'string') return [];
  const sha256 = isFields(lfs) && typeof lfs['oid'] === 'string' ? lfs['oid'] : undefined;
  return [{ path, sizeBytes: size, sha256, gitBlobId: oid }];
}

function apiUrl(repo: string, path: string, options: PlanOptions): string {
  return `${hostUrl(options)}/api/models/${repo}/${path}`;
}

export function hostUrl(options: PlanOptions): string {
  return (options.huggingFaceUrl ?? DEFAULT_URL).replace(/\/+$/, '');
}

function notAListing(url: string): AlcoveError {
  return new AlcoveError('not-weights', `${url} is not a listing of Hugging Face`, { data: { url } });
}
