import { localKeyOf, readLocalSetting, writeLocalSetting } from '../../platform/local-setting.ts';

/** In localStorage: the next visit selects the model before any database has been read. */
const KEY = 'alcove-last-model';

const DEFAULT_PREFIX = 'alcove';

/** The model that the user chose or asked last. @param databasePrefix of the session that is meant */
export function readLastModel(databasePrefix = DEFAULT_PREFIX): string | undefined {
  const id = readLocalSetting(localKeyOf(KEY, databasePrefix, DEFAULT_PREFIX));
  return typeof id === 'string' ? id : undefined;
}

/** Where storage is forbidden, the choice lasts as long as the page. */
export function writeLastModel(modelId: string, databasePrefix = DEFAULT_PREFIX): void {
  writeLocalSetting(localKeyOf(KEY, databasePrefix, DEFAULT_PREFIX), modelId);
}
