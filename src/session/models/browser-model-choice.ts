import { hasLocalSetting, localKeyOf, writeLocalSetting } from '../../platform/local-setting.ts';

/** In localStorage: whether the user's last choice was the browser's own model, which is in no database. */
const KEY = 'alcove-uses-browser-model';

const DEFAULT_PREFIX = 'alcove';

/** @param databasePrefix of the session whose choice is meant */
export function isBrowserModelChosen(databasePrefix = DEFAULT_PREFIX): boolean {
  return hasLocalSetting(localKeyOf(KEY, databasePrefix, DEFAULT_PREFIX));
}

/** Where storage is forbidden, the choice lasts as long as the page. */
export function chooseBrowserModel(isChosen: boolean, databasePrefix = DEFAULT_PREFIX): void {
  writeLocalSetting(localKeyOf(KEY, databasePrefix, DEFAULT_PREFIX), isChosen ? true : undefined);
}
