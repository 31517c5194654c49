import type { Page } from '@playwright/test';
import { deviceFacts, dumpStores, type RestoredFile, restoreStores, type StorageContents } from './storage-in-page.ts';

/**
 * All that a build has stored in its origin, as plain JSON: it depends on no browser's profile format, no port and no
 * machine. Names in braces stand for what differs from one machine to the next and are filled in by `restoreStorage`:
 *
 * - `{origin}` the site's origin;
 * - `{browser}`, `{vendor}`, `{architecture}`, `{isFallback}`, `{shaderF16}`, `{cores}` what the app's key of a device
 *   is made of, and `{webllm}`, `{wllama}` the versions of the engines, so that what was measured holds here too.
 *
 * `{ $type: 'lastModified' }` is when a file of the user's disk was written; a restore takes the time of the file that stands for it.
 *
 * Weights are not in it: a Blob of the toy names the site's file and the offset from which its bytes are read. The cache
 * of the service worker is not in it either; it belongs to the build and not to the user.
 */
export interface StorageDump extends StorageContents {
  /** What the file is, for someone who opens it alone. */
  readonly about: string;
  /** Version and commit of the build that has stored all this. */
  readonly build: string;
  /** ISO 8601 */
  readonly recordedAt: string;
}

/** @param files what the site serves below its root, by SHA-256 of each piece of it: Blobs of that hash are left out */
export async function dumpStorage(page: Page, files: Readonly<Record<string, RestoredFile>>): Promise<StorageContents> {
  const { origin } = new URL(page.url());
  const dump = await page.evaluate(dumpStores, files);
  let text = JSON.stringify(dump);
  for (const [, name = '', time] of text.matchAll(/"FileSystemFileHandle","name":("[^"]+"),"lastModified":(\d+)/g)) {
    text = text.replaceAll(`:${time}`, `:{"$type":"lastModified","name":${name}}`);
  }
  return mapStrings(JSON.parse(text) as StorageContents, (words) => words.replaceAll(origin, '{origin}'));
}

/** Puts a dump into the origin of an open page that has stored nothing yet. */
export async function restoreStorage(
  page: Page,
  dump: StorageDump,
  engineVersions: Readonly<Record<'webllm' | 'wllama', string>>,
): Promise<void> {
  const facts: Readonly<Record<string, string>> = {
    origin: new URL(page.url()).origin,
    ...(await page.evaluate(deviceFacts)),
    ...engineVersions,
  };
  const fill = (text: string): string => text.replace(/\{(\w+)\}/g, (whole, name: string) => facts[name] ?? whole);
  const { localStorage, databases } = mapStrings(dump, fill);
  await page.evaluate(restoreStores, { localStorage, databases });
}

/** A copy of a JSON value in which each string, member names excepted, is replaced. */
export function mapStrings<Value>(value: Value, change: (text: string) => string): Value {
  return JSON.parse(JSON.stringify(value), (_, member) => (typeof member === 'string' ? change(member) : member));
}
