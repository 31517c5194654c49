import { foldedWords, SearchIndex } from '../../chat/search-index.ts';
import { toWireError } from '../../errors.ts';
import { ChatStore } from '../chat-store.ts';
import type { SearchCommand, SearchReply } from '../search-messages.ts';

/** Messages that are read in one go. */
const BATCH = 2_000;

/** Holds the words of all chats, and looks queries up. Made when someone first searches. */
const index = new SearchIndex();
let store: ChatStore | undefined;
let ready: Promise<void> = Promise.resolve();

addEventListener('message', ({ data }: MessageEvent<SearchCommand>) => {
  if (data.type === 'open') {
    const opened = new ChatStore(data.databaseName);
    store = opened;
    ready = build(opened);
  } else if (data.type === 'changed') {
    // One after another, and before the next query.
    ready = ready.then(
      () => read(data.id),
      () => read(data.id),
    );
  } else {
    ready.then(
      () => reply({ type: 'found', callId: data.callId, ids: index.find(data.query) }),
      (error: unknown) => reply({ type: 'failed', callId: data.callId, error: toWireError(error) }),
    );
  }
});

async function build(opened: ChatStore): Promise<void> {
  for (let after: [string, string] | undefined, isEnd = false; !isEnd; ) {
    const { texts, last } = await opened.textsAfter(after, BATCH);
    for (const { chatId, text } of texts) index.add(chatId, foldedWords(text));
    after = last;
    isEnd = last === undefined;
  }
}

async function read(id: string): Promise<void> {
  index.remove(id);
  const chat = await store?.load(id).catch(() => undefined);
  for (const { text } of chat?.messages.values() ?? []) index.add(id, foldedWords(text));
}

function reply(message: SearchReply): void {
  postMessage(message);
}
