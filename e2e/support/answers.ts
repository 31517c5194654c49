import type { Page } from '@playwright/test';

export interface StoredAnswer {
  readonly text: string;
  readonly status: string;
}

/** The answers of all chats as they are on the disk, in the order of their writing. */
export function readAnswers(page: Page, databaseName = 'alcove-chats'): Promise<readonly StoredAnswer[]> {
  return page.evaluate(async (name) => {
    const database = await promised(indexedDB.open(name));
    const messages = await promised(database.transaction('messages').objectStore('messages').getAll());
    database.close();
    return messages
      .filter(({ role }) => role === 'assistant')
      .sort((a, b) => a.createdAt - b.createdAt)
      .map(({ parts, status }) => ({ text: textOf(parts), status }));

    function textOf(parts: readonly { readonly type: string; readonly text?: string }[]): string {
      return parts.map(({ type, text = '' }) => (type === 'text' ? text : '')).join('');
    }

    function promised<Result>(request: IDBRequest<Result>): Promise<Result> {
      return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    }
  }, databaseName);
}
