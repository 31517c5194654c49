import { afterEach, expect, test, vi } from 'vitest';
import { textParts } from '../../chat/message-parts.ts';
import { ChatStore } from '../../storage/chats/chat-store.ts';
import { ChatDrafts } from './chat-drafts.ts';

const cleanUps: (() => void)[] = [];

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

function openDrafts(name: string, keepsNew = true): ChatDrafts {
  const store = new ChatStore(name);
  const drafts = new ChatDrafts(store, keepsNew);
  cleanUps.push(() => {
    drafts.dispose();
    store.close();
  });
  return drafts;
}

test('a draft is kept for each chat, also for the next visit', async () => {
  const name = crypto.randomUUID();
  const drafts = openDrafts(name);
  drafts.write('boats', 'What is a');
  drafts.write(undefined, 'New');
  expect(await drafts.read('boats')).toBe('What is a');
  expect(await drafts.read('bread')).toBe('');
  window.dispatchEvent(new PageTransitionEvent('pagehide'));
  await vi.waitFor(async () => {
    const next = openDrafts(name);
    expect([await next.read('boats'), await next.read(undefined)]).toEqual(['What is a', 'New']);
  });
});

test('a draft is deleted when its text is emptied', async () => {
  const name = crypto.randomUUID();
  const drafts = openDrafts(name);
  drafts.write('boats', 'What is a');
  drafts.write('boats', '');
  drafts.dispose();
  expect(await openDrafts(name).read('boats')).toBe('');
});

test('the attachments of a draft stay when its text changes', async () => {
  const name = crypto.randomUUID();
  const store = new ChatStore(name);
  cleanUps.push(() => store.close());
  const image = { type: 'image', name: 'a.png', mediaType: 'image/png', sizeBytes: 3, sha256: '0'.repeat(64) } as const;
  await store.writeDrafts(new Map([['boats', [image, ...textParts('What')]]]), 1);
  const drafts = openDrafts(name);
  expect(await drafts.read('boats')).toBe('What');
  drafts.write('boats', 'What is this?');
  drafts.dispose();
  await vi.waitFor(async () => {
    expect(await store.readDraft('boats')).toEqual([image, ...textParts('What is this?')]);
  });
});

test('several new chats on one page keep their drafts apart', async () => {
  const name = crypto.randomUUID();
  const one = openDrafts(name, false);
  one.write(undefined, 'Mine');
  one.dispose();
  expect(await one.read(undefined)).toBe('Mine');
  expect(await openDrafts(name, false).read(undefined)).toBe('');
});
