import { AlcoveError } from '../../platform/errors.ts';
import { hasLocalSetting, writeLocalSetting } from '../../platform/local-setting.ts';

/** In localStorage: the start reads it before it loads the code of custom servers, or any database. */
const KEY = 'alcove-has-servers';

export function hasServers(): boolean {
  return hasLocalSetting(KEY);
}

/** @throws AlcoveError `storage-unavailable` if localStorage is forbidden or full */
export function markServers(hasAny: boolean): void {
  if (!writeLocalSetting(KEY, hasAny ? true : undefined)) {
    throw new AlcoveError('storage-unavailable', 'localStorage takes nothing');
  }
}
