import { AlcoveError } from '../../platform/errors.ts';
import { hasLocalSetting, readLocalSetting, writeLocalSetting } from '../../platform/local-setting.ts';
import { fieldsOf } from '../../platform/untrusted-json.ts';

/**
 * Which hosts this page may ask, besides the site's own list in index.html. The reader allows each; before-paint.js
 * makes the page's content security policy of them, so that a change holds from the next load of the page on.
 */
export interface Hosts {
  /** Origin of Hugging Face or of a mirror with the same paths. */
  readonly huggingFaceUrl: string;
  /** Origins as in `https://models.example:8443`, or `https:` for any host. */
  readonly allowed: readonly string[];
}

/** Known to public/before-paint.js, too. */
export const HOSTS_KEY = 'alcove-hosts';

export const HUGGING_FACE_URL = 'https://huggingface.co';

/** What before-paint.js takes: an origin, or the scheme alone. */
const SOURCE = /^https?:(\/\/[\w.:[\]-]+)?$/;

export function readHosts(): Hosts {
  const stored = fieldsOf(readLocalSetting(HOSTS_KEY)) ?? {};
  const { huggingFaceUrl, allowed } = stored as Partial<Record<keyof Hosts, unknown>>;
  return {
    huggingFaceUrl:
      typeof huggingFaceUrl === 'string' && SOURCE.test(huggingFaceUrl) ? huggingFaceUrl : HUGGING_FACE_URL,
    allowed: Array.isArray(allowed) ? allowed.filter((host) => typeof host === 'string' && SOURCE.test(host)) : [],
  };
}

const SERVERS_KEY = 'alcove-has-servers';

/** Whether servers of the reader's own are set up: what deals with them is loaded at the start only then. */
export function hasServers(): boolean {
  return hasLocalSetting(SERVERS_KEY);
}

/** @throws AlcoveError `storage-unavailable` where localStorage is forbidden or full */
export function markServers(hasAny: boolean): void {
  if (!writeLocalSetting(SERVERS_KEY, hasAny ? true : undefined)) {
    throw new AlcoveError('storage-unavailable', 'localStorage takes nothing');
  }
}
