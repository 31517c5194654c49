/** The databases of a session. Users have data under these names: a new name needs a migration. */
export function databaseNames(prefix = 'alcove') {
  return {
    chats: `${prefix}-chats`,
    weights: `${prefix}-weights`,
    runHistory: `${prefix}-outcomes`,
    /** Of `…-records`, in which settings, personas and servers are (src/storage/record-store.ts). */
    prefix,
  };
}
