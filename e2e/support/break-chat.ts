/** For page.evaluate: takes a message out of the middle of the chat that was started first. */
export async function breakOldestChat(): Promise<void> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('alcove-chats');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const transaction = database.transaction(['conversations', 'messages'], 'readwrite');
  const done = new Promise((resolve) => {
    transaction.oncomplete = resolve;
  });
  const list = transaction.objectStore('conversations').getAll();
  list.onsuccess = () => {
    const [oldest] = list.result.sort((a, b) => a.createdAt - b.createdAt);
    const messages = transaction.objectStore('messages');
    const keys = messages.getAllKeys(IDBKeyRange.bound([oldest.id], [oldest.id, []]));
    keys.onsuccess = () => messages.put({ nonsense: true }, keys.result[0]);
  };
  await done;
  database.close();
}
