import { createHash } from 'node:crypto';
import { listRepository, pinRevision } from '../../src/download/huggingface.ts';
import { listingKey } from '../../src/download/pinned-revisions.ts';
import { listingSha256, wantedEntries } from '../../src/download/wanted-files.ts';
import type { HuggingFaceSource } from '../../src/models/model-record.ts';
import type { CatalogueJson } from './catalogue-json.ts';
import type { Pins, RepoPin } from './pins.ts';

export interface RefreshOptions {
  /** Default https://huggingface.co */
  readonly huggingFaceUrl?: string;
  readonly log?: (line: string) => void;
}

export interface Refreshed {
  readonly pins: Pins;
  /** What could not be pinned, and why; its old pin stays. */
  readonly problems: readonly string[];
}

/**
 * Asks Hugging Face for the current commit of each repository in the catalogue and for sizes and hashes of the files that an
 * engine reads; downloads each compiled library once to hash it, because its host lists no hashes.
 */
export async function refreshPins(catalogue: CatalogueJson, before: Pins, options: RefreshOptions): Promise<Refreshed> {
  const repos: Record<string, RepoPin> = { ...before.repos };
  const libraries = { ...before.libraries };
  const problems: string[] = [];
  const attempt = async (name: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      options.log?.(name);
    } catch (error) {
      problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  for (const [repo, wanted] of repositories(catalogue)) {
    await attempt(repo, async () => {
      repos[repo] = await pinRepository(repo, wanted, options);
    });
  }
  for (const url of libraryUrls(catalogue)) {
    await attempt(url, async () => {
      libraries[url] = await hashLibrary(url);
    });
  }
  return { pins: { repos, libraries }, problems };
}

type Wanted = Pick<HuggingFaceSource, 'files' | 'projector'>;

/** What the catalogue's variants want of each repository, by its name in the pins. */
function repositories(catalogue: CatalogueJson): Map<string, Map<string, Wanted>> {
  const repos = new Map<string, Map<string, Wanted>>();
  for (const { source } of variantsOf(catalogue)) {
    if (source.kind !== 'huggingface') continue;
    const wanted = repos.get(source.repo) ?? new Map<string, Wanted>();
    repos.set(source.repo, wanted.set(listingKey(source), source));
  }
  return repos;
}

function libraryUrls(catalogue: CatalogueJson): Set<string> {
  return new Set(
    variantsOf(catalogue).flatMap(({ source }) =>
      source.kind === 'huggingface' && source.library !== undefined ? [source.library.url] : [],
    ),
  );
}

function variantsOf({ families }: CatalogueJson) {
  return families.flatMap(({ models }) => models.flatMap(({ variants }) => variants));
}

async function pinRepository(
  repo: string,
  patterns: ReadonlyMap<string, Wanted>,
  { huggingFaceUrl }: RefreshOptions,
): Promise<RepoPin> {
  const options = { baseUrl: 'https://huggingface.co/', ...(huggingFaceUrl !== undefined && { huggingFaceUrl }) };
  const revision = await pinRevision(repo, 'main', options);
  const entries = await listRepository(repo, revision, options);
  const listings: Record<string, { sizeBytes: number; sha256: string }> = {};
  for (const [name, { files, projector }] of patterns) {
    const wanted = wantedEntries(
      {
        kind: 'huggingface',
        repo,
        revision,
        ...(files !== undefined && { files }),
        ...(projector !== undefined && { projector }),
      },
      entries,
    );
    if (wanted === undefined)
      throw new Error(`holds nothing like ${files === undefined ? 'MLC’s weights' : name}, or more than one model`);
    const sizeBytes = wanted.reduce((sum, entry) => sum + entry.sizeBytes, 0);
    listings[name] = { sizeBytes, sha256: await listingSha256(wanted) };
  }
  return { revision, listings };
}

async function hashLibrary(url: string): Promise<{ sizeBytes: number; sha256: string }> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`answered ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { sizeBytes: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest('hex') };
}
