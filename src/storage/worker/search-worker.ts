import type { Message } from '../../chat/conversation.ts';
import { visibleMessages } from '../../chat/deletion.ts';
import { type Excerpt, excerptFrom } from '../../chat/excerpt.ts';
import { foldedWords, SearchIndex } from '../../chat/search-index.ts';
import { toWireError } from '../../errors.ts';
import { ChatStore } from '../chat-store.ts';
import type { Excerpts, SearchCommand, SearchReply } from '../search-messages.ts';

/** Messages that are read in one go. */
const BATCH = 2_000;

/** Holds the words of all chats, and looks queries up. Made when someone first searches. */
const index = new SearchIndex();
const store = Promise.withResolvers<ChatStore>();
/** Chats that have changed since they were read: read again for the next query, not for each word of an answer. */
const changed = new Set<string>();
let ready: Promise<void> = Promise.resolve();

addEventListener('message', ({ data }: MessageEvent<SearchCommand>) => {
  if (data.type === 'open') {
    const opened = new ChatStore(data.databaseName);
    store.resolve(opened);
    ready = build(opened);
  } else if (data.type === 'changed') {
    changed.add(data.id);
  } else {
    void answer(data);
  }
});

async function answer(asked: Extract<SearchCommand, { callId: number }>): Promise<void> {
  const { callId, query } = asked;
  try {
    if (asked.type === 'excerpts') {
      reply({ type: 'excerpts', callId, excerpts: await excerpts(asked.ids, query) });
      return;
    }
    // One after another: what has changed is read before the query is looked up.
    ready = ready.then(readChanged);
    await ready;
    reply({ type: 'found', callId, ids: index.find(query) });
  } catch (error) {
    reply({ type: 'failed', callId, error: toWireError(error) });
  }
}

async function build(opened: ChatStore): Promise<void> {
  let chat = { id: '', messages: new Map<string, Message>() };
  for (let after: [string, string] | undefined, isEnd = false; !isEnd; ) {
    const { messages, last } = await opened.messagesAfter(after, BATCH);
    for (const { chatId, message } of messages) {
      if (chatId !== chat.id) {
        add(chat);
        chat = { id: chatId, messages: new Map() };
      }
      chat.messages.set(message.id, message);
    }
    after = last;
    isEnd = last === undefined;
  }
  add(chat);
}

async function readChanged(): Promise<void> {
  for (const id of changed) {
    changed.delete(id);
    index.remove(id);
    const chat = await (await store.promise).load(id).catch(() => undefined);
    if (chat !== undefined) add(chat);
  }
}

function add(chat: { readonly id: string; readonly messages: ReadonlyMap<string, Message> }): void {
  for (const { text } of visibleMessages(chat)) index.add(chat.id, foldedWords(text));
}

async function excerpts(ids: readonly string[], query: string): Promise<Excerpts> {
  const opened = await store.promise;
  const chats = await Promise.all(ids.map((id) => opened.load(id).catch(() => undefined)));
  const found = new Map<string, Excerpt>();
  for (const chat of chats) {
    const excerpt = chat === undefined ? undefined : excerptFrom(chat, query);
    if (chat !== undefined && excerpt !== undefined) found.set(chat.id, excerpt);
  }
  return found;
}

function reply(message: SearchReply): void {
  postMessage(message);
}
