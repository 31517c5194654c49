/**
 * Puts chats into the database that the app has created. Runs in a page of its origin; no named function inside, because tsx
 * would wrap it in a helper that the page lacks. As in a language, few words are frequent and many are rare; a message has
 * some 60 words.
 */
export async function storeChats({ count, messages }: { count: number; messages: number }): Promise<void> {
  const beginnings = ['har', 'lan', 'qua', 'ber', 'sto', 'mil', 'tor', 'ven', 'cas', 'del', 'fro', 'gri', 'ked', 'nol'];
  const ends = [
    'bour',
    'tern',
    'y',
    'lin',
    'ne',
    'k',
    'rent',
    'ture',
    'tle',
    'ta',
    'st',
    'p',
    'ge',
    'ow',
    'ish',
    'ment',
  ];
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('alcove-chats');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const day = 86_400_000;
  const now = Date.now();
  let seed = 1;
  for (let from = 0; from < count; from += 250) {
    const transaction = database.transaction(['conversations', 'messages'], 'readwrite');
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    for (let chat = from; chat < Math.min(count, from + 250); chat++) {
      const id = `chat-${chat.toString().padStart(6, '0')}`;
      const beganAt = now - chat * (day / 20) - 1_000_000;
      const texts = Array.from({ length: messages }, () =>
        Array.from({ length: 60 }, () => {
          seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
          // Roughly Zipf's law: half of all words are among the most frequent 1 %.
          const rank = Math.floor((seed / 2 ** 32) ** 4 * 14 * 16 * 90);
          const tail = rank < 224 ? '' : Math.floor(rank / 224).toString(36);
          return (beginnings[rank % 14] ?? '') + (ends[Math.floor(rank / 14) % 16] ?? '') + tail;
        }).join(' '),
      );
      transaction.objectStore('conversations').put({
        id,
        title: texts[0]?.slice(0, 50) ?? '',
        titleIsSet: false,
        createdAt: beganAt,
        updatedAt: beganAt + messages * 1_000,
        modelId: 'toy',
        activeLeafId: `m${(messages - 1).toString().padStart(2, '0')}`,
        tags: [],
      });
      for (const [index, text] of texts.entries()) {
        const messageId = `m${index.toString().padStart(2, '0')}`;
        const parentId = index === 0 ? undefined : `m${(index - 1).toString().padStart(2, '0')}`;
        const role = index % 2 === 0 ? 'user' : 'assistant';
        const createdAt = beganAt + index * 1_000;
        transaction
          .objectStore('messages')
          .put({ id: messageId, parentId, role, parts: [{ type: 'text', text }], status: 'complete', createdAt }, [
            id,
            messageId,
          ]);
      }
    }
    await done;
  }
  database.close();
}
