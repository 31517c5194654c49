import type { HuggingFaceSource, ModelRecord, ModelSource, UrlFile } from '../model-record.ts';
import { LIBRARY_PATH } from './new-library.ts';

/** What is stored, or planned, under a model's id. */
export interface StoredSource {
  readonly record: ModelRecord;
  readonly files: readonly {
    readonly path: string;
    readonly url: string;
    readonly sha256: string | undefined;
  }[];
}

/**
 * Whether stored files are those of a listed model. The id alone proves nothing: another catalogue, or an archive, can give
 * its own files any id. Where the listed record knows hashes, they decide; else the place where the files come from.
 *
 * A compiled library, which is code, may be another build from the same place: libraries are compiled again for the same
 * weights.
 */
export function isOfSource(stored: StoredSource, { source }: ModelRecord): boolean {
  const held = stored.record.source;
  switch (source.kind) {
    case 'files':
      return source.files.every(({ path, sha256, url }) => {
        const file = stored.files.find((one) => one.path === path);
        return file?.sha256 === sha256 || (path === LIBRARY_PATH && isSamePlace(file?.url, url));
      });
    case 'huggingface':
      return held.kind === 'huggingface' && isSameRepository(stored, held, source);
    case 'url':
      return held.kind === 'url' && isSameList(held.files, source.files);
    default:
      return isEqual(held, source);
  }
}

function isSameRepository(stored: StoredSource, held: HuggingFaceSource, listed: HuggingFaceSource): boolean {
  if (held.repo !== listed.repo || held.files !== listed.files || held.projector !== listed.projector) return false;
  if (listed.library === undefined) return held.library === undefined;
  const library = stored.files.find(({ path }) => path === LIBRARY_PATH);
  const isKnown = listed.library.sha256 !== undefined && library?.sha256 === listed.library.sha256;
  return isKnown || isSamePlace(library?.url, listed.library.url);
}

function isSameList(held: readonly UrlFile[], listed: readonly UrlFile[]): boolean {
  return (
    held.length === listed.length &&
    listed.every(({ path, url, sha256 }, index) => {
      const file = held[index];
      return file?.path === path && file.url === url && file.sha256 === sha256;
    })
  );
}

/**
 * Whether two libraries are on one host in one repository or folder: `host/owner/name/…`. A listed address that is relative to
 * its catalogue has no host: then the folder decides.
 */
function isSamePlace(held: string | undefined, listed: string): boolean {
  const stored = URL.parse(held ?? '');
  if (stored === null) return false;
  const url = URL.parse(listed);
  if (url === null)
    return foldersOf(stored.pathname)
      .join('/')
      .endsWith(foldersOf(`/${listed}`).join('/'));
  return placeOf(stored) === placeOf(url);
}

function placeOf({ origin, pathname }: URL): string {
  return [origin, ...foldersOf(pathname).slice(0, 2)].join('/');
}

/** Each with a slash before it, so that no name counts as the end of another. */
function foldersOf(pathname: string): string[] {
  return pathname
    .split('/')
    .slice(1, -1)
    .map((folder) => `/${folder}`);
}

function isEqual(one: ModelSource, other: ModelSource): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
