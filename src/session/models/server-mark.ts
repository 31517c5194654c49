import { AlcoveError } from '../../platform/errors.ts';
import { hasLocalSetting, localKeyOf, writeLocalSetting } from '../../platform/local-setting.ts';

/** In localStorage: the start reads it before it loads the code of custom servers, or any database. */
const KEY = 'alcove-has-servers';

const DEFAULT_PREFIX = 'alcove';

/** @param databasePrefix of the session whose servers are meant */
export function hasServers(databasePrefix = DEFAULT_PREFIX): boolean {
  return hasLocalSetting(localKeyOf(KEY, databasePrefix, DEFAULT_PREFIX));
}

/** @throws AlcoveError `storage-unavailable` if localStorage is forbidden or full */
export function markServers(hasAny: boolean, databasePrefix = DEFAULT_PREFIX): void {
  if (!writeLocalSetting(localKeyOf(KEY, databasePrefix, DEFAULT_PREFIX), hasAny ? true : undefined)) {
    throw new AlcoveError('storage-unavailable', 'localStorage takes nothing');
  }
}
