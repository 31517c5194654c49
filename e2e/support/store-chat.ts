import type { Page } from '@playwright/test';

/** Puts a chat into the app's store, as if the model had written these answers; the page must be reloaded to see it. */
export async function storeChat(
  page: Page,
  title: string,
  answers: readonly string[],
  chatId = 'stored-chat',
): Promise<void> {
  await page.evaluate(
    async ([name, texts, id]) => {
      const now = Date.now();
      const base = { status: 'complete', createdAt: now };
      const question = { ...base, role: 'user', parts: [{ type: 'text', text: 'Continue' }] };
      const messages = texts.flatMap((text, index) => [
        { ...question, id: `q${index}`, parentId: index === 0 ? undefined : `a${index - 1}` },
        {
          ...base,
          id: `a${index}`,
          parentId: `q${index}`,
          role: 'assistant',
          parts: [{ type: 'text', text }],
          createdAt: now + index + 1,
        },
      ]);
      const conversation = {
        id,
        title: name,
        titleIsSet: true,
        createdAt: now,
        updatedAt: now,
        activeLeafId: messages.at(-1)?.id,
        tags: [],
      };
      const open = indexedDB.open('alcove-chats');
      await new Promise((resolve, reject) => {
        open.onsuccess = resolve;
        open.onerror = () => reject(open.error);
      });
      const transaction = open.result.transaction(['conversations', 'messages'], 'readwrite');
      transaction.objectStore('conversations').put(conversation);
      for (const message of messages) transaction.objectStore('messages').put(message, [conversation.id, message.id]);
      await new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = () => reject(transaction.error);
      });
      open.result.close();
    },
    [title, answers, chatId] as const,
  );
}
