import type { Conversation } from '../../../chat/conversation.ts';
import { visibleMessages } from '../../../chat/deletion.ts';
import { type Excerpt, excerptFrom } from '../../../chat/search/excerpt.ts';
import { SearchIndex, searchableText } from '../../../chat/search/search-index.ts';
import { serveCalls } from '../../../platform/worker-rpc.ts';
import { ChatStore } from '../chat-store.ts';
import type { Excerpts, SearchMethods } from '../search-protocol.ts';
import { SearchedChats } from '../searched-chats.ts';

/** Chats that are read in one transaction. */
const BATCH = 64;

/** At most so many chats lie between two partial results; at first each comes after twice as many chats as the one before. */
const STEP = 512;

/** Chats that are kept for the excerpts of the next letter: more than the list shows at first. */
const KEPT = 128;

/** The words of all chats. The index is made when the user first searches, starting with the newest chat. */
const index = new SearchIndex();
const store = Promise.withResolvers<ChatStore>();
const searched = Promise.withResolvers<SearchedChats>();
/** Chats that changed since they were read. They are read again for the next query, not for each token of an answer. */
const changed = new Set<string>();
const kept = new Map<string, Promise<Conversation | undefined>>();
let ready: Promise<void> = Promise.resolve();
let isBuilt = false;
/** The newest query, which gets partial results; the others only wait for the whole index. */
let newest: { readonly query: string; readonly report: (ids: readonly string[]) => void } | undefined;

serveCalls<SearchMethods>({
  open: ({ databaseName }) => {
    store.resolve(new ChatStore(databaseName));
    const opened = new SearchedChats(databaseName);
    searched.resolve(opened);
    ready = build(opened);
  },
  find: async ({ query }, { report }) => {
    newest = { query, report };
    if (!isBuilt) reportPart();
    // One after another: what has changed is read before the query is looked up. A store that failed may be there again.
    ready = ready.catch(async () => build(await searched.promise)).then(readChanged);
    await ready;
    return index.find(query);
  },
  excerpts: ({ ids, query }) => excerpts(ids, query),
  changed: ({ id }) => {
    changed.add(id);
    kept.delete(id);
  },
});

async function build(opened: SearchedChats): Promise<void> {
  const ids = await opened.idsByAge();
  let reportedCount = 0;
  for (let at = 0; at < ids.length; at += BATCH) {
    await read(opened, ids.slice(at, at + BATCH));
    if (at + BATCH < Math.min(reportedCount * 2, reportedCount + STEP)) continue;
    reportedCount = at + BATCH;
    reportPart();
  }
  isBuilt = true;
}

function reportPart(): void {
  if (newest !== undefined && index.size > 0) newest.report(index.find(newest.query));
}

async function readChanged(): Promise<void> {
  const ids = [...changed];
  changed.clear();
  if (ids.length === 0) return;
  await read(await searched.promise, ids).catch(() => {
    // They are read again for the next query; this one is answered from the index as it is.
    for (const id of ids) changed.add(id);
  });
}

async function read(opened: SearchedChats, ids: readonly string[]): Promise<void> {
  const chats = await opened.messagesOfEach(ids);
  for (const [at, id] of ids.entries()) {
    index.remove(id);
    const messages = visibleMessages({ messages: new Map(chats[at]?.map((message) => [message.id, message])) });
    if (messages.length > 0) index.add(id, messages.map(searchableText));
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
