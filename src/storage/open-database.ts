import { type DBSchema, type IDBPDatabase, type OpenDBCallbacks, wrap } from 'idb';

/**
 * As `openDB` of idb, in any storage: that one opens databases in the page's own storage only.
 * @param factory of the storage
 */
export async function openDatabase<Schema extends DBSchema>(
  factory: IDBFactory,
  name: string,
  version: number,
  { upgrade, blocked, blocking, terminated }: OpenDBCallbacks<Schema>,
): Promise<IDBPDatabase<Schema>> {
  const request = factory.open(name, version);
  request.addEventListener('upgradeneeded', (event) => {
    const { transaction } = request;
    if (transaction === null) return;
    const database = wrap(request.result) as IDBPDatabase<unknown> as IDBPDatabase<Schema>;
    const upgrading = wrap(transaction) as unknown as Parameters<NonNullable<typeof upgrade>>[3];
    upgrade?.(database, event.oldVersion, event.newVersion, upgrading, event);
  });
  request.addEventListener('blocked', (event) => blocked?.(event.oldVersion, event.newVersion, event));
  const database = (await wrap(request)) as IDBPDatabase<unknown> as IDBPDatabase<Schema>;
  database.addEventListener('close', () => terminated?.());
  database.addEventListener('versionchange', (event) => blocking?.(event.oldVersion, event.newVersion, event));
  return database;
}
