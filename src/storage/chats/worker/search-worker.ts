import type { Conversation } from '../../../chat/conversation.ts';
import { visibleMessages } from '../../../chat/deletion.ts';
import { type Excerpt, excerptFrom } from '../../../chat/search/excerpt.ts';
import { foldedWords, SearchIndex, searchableText } from '../../../chat/search/search-index.ts';
import { toWireError } from '../../../platform/errors.ts';
import { ChatStore } from '../chat-store.ts';
import type { Excerpts, SearchCommand, SearchReply } from '../search-protocol.ts';

/** Chats that are read at once. */
const BATCH = 64;

/** While the index is built, results are sent each time that the number of read chats has doubled, and at least after so many. */
const STEP = 512;

/** Chats that are cached: the user types the next letter, and the same chats are asked for. More than the list first draws. */
const KEPT = 128;

/** The index of all chats. It is built when the user first searches, from the newest chat on. */
const index = new SearchIndex();
const store = Promise.withResolvers<ChatStore>();
/** Chats that have changed since they were read. They are read again for the next query, not for each word of an answer. */
const changed = new Set<string>();
const kept = new Map<string, Promise<Conversation | undefined>>();
let ready: Promise<void> = Promise.resolve();
let isBuilt = false;
/** The newest query: only it gets results while the index is built. */
let asked: { readonly callId: number; readonly query: string } | undefined;

addEventListener('message', ({ data }: MessageEvent<SearchCommand>) => {
  if (data.type === 'open') {
    const opened = new ChatStore(data.databaseName);
    store.resolve(opened);
    ready = build(opened);
  } else if (data.type === 'changed') {
    changed.add(data.id);
    kept.delete(data.id);
  } else {
    void answer(data);
  }
});

async function answer(command: Extract<SearchCommand, { callId: number }>): Promise<void> {
  const { callId, query } = command;
  try {
    if (command.type === 'excerpts') {
      reply({ type: 'excerpts', callId, excerpts: await excerpts(command.ids, query) });
      return;
    }
    asked = { callId, query };
    if (!isBuilt) tellPart();
    // One after another: changed chats are read before the query is looked up.
    ready = ready.then(readChanged);
    await ready;
    reply({ type: 'found', callId, ids: index.find(query), isAll: true });
  } catch (error) {
    reply({ type: 'failed', callId, error: toWireError(error) });
  }
}

async function build(opened: ChatStore): Promise<void> {
  const ids = await opened.idsByAge();
  let told = 0;
  for (let at = 0; at < ids.length; at += BATCH) {
    await read(opened, ids.slice(at, at + BATCH));
    if (at + BATCH < Math.min(told * 2, told + STEP)) continue;
    told = at + BATCH;
    tellPart();
  }
  isBuilt = true;
}

function tellPart(): void {
  if (asked === undefined || index.size === 0) return;
  reply({ type: 'found', callId: asked.callId, ids: index.find(asked.query), isAll: false });
}

async function readChanged(): Promise<void> {
  const ids = [...changed];
  changed.clear();
  if (ids.length === 0) return;
  await read(await store.promise, ids).catch(() => {
    // They are read again for the next query; this one is answered from the index as it is.
    for (const id of ids) changed.add(id);
  });
}

async function read(opened: ChatStore, ids: readonly string[]): Promise<void> {
  const chats = await opened.messagesOfEach(ids);
  for (const [at, id] of ids.entries()) {
    index.remove(id);
    const messages = visibleMessages({ messages: new Map(chats[at]?.map((message) => [message.id, message])) });
    // Most words occur several times in a chat: a set removes duplicates faster than the index does.
    if (messages.length > 0)
      index.add(id, new Set(messages.flatMap((message) => foldedWords(searchableText(message)))));
  }
}

async function excerpts(ids: readonly string[], query: string): Promise<Excerpts> {
  const opened = await store.promise;
  if (kept.size > KEPT) kept.clear();
  const chats = await Promise.all(ids.map((id) => kept.get(id) ?? keep(opened, id)));
  const found = new Map<string, Excerpt>();
  for (const chat of chats) {
    const excerpt = chat === undefined ? undefined : excerptFrom(chat, query);
    if (chat !== undefined && excerpt !== undefined) found.set(chat.id, excerpt);
  }
  return found;
}

function keep(opened: ChatStore, id: string): Promise<Conversation | undefined> {
  const chat = opened.load(id).catch(() => {
    // The next query reads it again.
    kept.delete(id);
    return undefined;
  });
  kept.set(id, chat);
  return chat;
}

function reply(message: SearchReply): void {
  postMessage(message);
}
