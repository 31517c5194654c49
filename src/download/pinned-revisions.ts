import { CatalogueCursor } from '../models/catalogue/catalogue-cursor.ts';
import type { HuggingFaceSource } from '../models/model-record.ts';
import { type PlanOptions, request } from './http.ts';

const REVISION = /^[\w./-]{1,100}$/;
const SHA256 = /^[0-9a-f]{64}$/;

/** Under what name the file of pinned revisions lists a source's files. */
export function listingKey({ files = 'mlc', projector }: Pick<HuggingFaceSource, 'files' | 'projector'>): string {
  return projector === undefined ? files : `${files} ${projector}`;
}

/**
 * Adds what the catalogue's file of pinned revisions has for a source: the commit, the hash of the listing, the hash of the
 * compiled library. The source's own values take precedence; values that neither has stay undefined.
 * @throws AlcoveError as planDownload, `catalogue-invalid` for a file of pinned revisions that cannot be read
 */
export async function readPinned(source: HuggingFaceSource, options: PlanOptions): Promise<HuggingFaceSource> {
  if (source.pinsUrl === undefined) return source;
  const response = await request(source.pinsUrl, {}, options);
  const root = new CatalogueCursor(await response.json().catch(() => undefined));
  const repo = root.key('repos').optional(source.repo, (item) => item);
  const listing = repo?.key('listings').optional(listingKey(source), (item) => item.key('sha256').text(SHA256));
  const library =
    source.library === undefined
      ? undefined
      : root.key('libraries').optional(source.library.url, (item) => ({
          sizeBytes: item.key('sizeBytes').count(1),
          sha256: item.key('sha256').text(SHA256),
        }));
  return {
    ...(listing !== undefined && { listingSha256: listing }),
    ...source,
    ...(repo !== undefined && source.revision === 'main' && { revision: repo.key('revision').text(REVISION) }),
    ...(source.library !== undefined && { library: { ...library, ...source.library } }),
  };
}
