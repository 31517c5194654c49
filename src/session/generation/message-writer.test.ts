import { afterEach, expect, test } from 'vitest';
import type { Message } from '../../chat/conversation.ts';
import { deleteBranch, purgeDeleted } from '../../chat/deletion.ts';
import { textParts } from '../../chat/message-parts.ts';
import { addMessage, createConversation } from '../../chat/tree.ts';
import { ChatStore } from '../../storage/chats/chat-store.ts';
import { ChatRepository } from '../chats/chat-repository.ts';
import type { RuntimeEvent } from '../runtime/runtime-event.ts';
import { INITIAL_STATE, type SessionState } from '../state/session-state.ts';
import { StateStore } from '../state/state-store.ts';
import { MessageWriter } from './message-writer.ts';

const QUESTION: Message = {
  id: 'q',
  parentId: undefined,
  role: 'user',
  parts: textParts('What time is it?'),
  status: 'complete',
  createdAt: 1,
};
const ANSWER: Message = { ...QUESTION, id: 'a', parentId: 'q', role: 'assistant', parts: [], status: 'streaming' };

let chats: ChatRepository | undefined;

afterEach(() => chats?.dispose());

async function write(answer: Message, events: readonly RuntimeEvent[]): Promise<Message | undefined> {
  const name = crypto.randomUUID();
  chats = new ChatRepository(new StateStore<SessionState>(INITIAL_STATE), new ChatStore(name), name);
  await chats.start();
  const chat = [QUESTION, answer].reduce(addMessage, createConversation('c', 1, 'toy'));
  chats.show(chat);
  chats.put(chat, ['q', 'a']);
  const writer = new MessageWriter(chats, 'c', answer);
  for (const event of events) writer.add(event);
  writer.complete();
  return chats.get('c')?.messages.get('a');
}

test('reasoning, text and tool calls become parts in the order in which the model writes them', async () => {
  const call = { type: 'tool-call', id: 'c1', name: 'clock', argumentsJson: '{}' } as const;
  const answer = await write(ANSWER, [
    { type: 'reasoning-delta', text: 'I have ' },
    { type: 'reasoning-delta', text: 'a clock.' },
    { type: 'text-delta', text: 'Let me ' },
    { type: 'text-delta', text: 'look.' },
    call,
    { type: 'reasoning-delta', text: 'Noon.' },
    { type: 'text-delta', text: 'Noon.' },
    { type: 'finish', reason: 'stop' },
  ]);
  expect(answer).toMatchObject({ status: 'complete', finishReason: 'stop' });
  expect(answer?.parts).toEqual([
    { type: 'reasoning', text: 'I have a clock.', durationMs: expect.any(Number) },
    { type: 'text', text: 'Let me look.' },
    { ...call, state: 'pending' },
    { type: 'reasoning', text: 'Noon.', durationMs: expect.any(Number) },
    { type: 'text', text: 'Noon.' },
  ]);
});

test('text that turns out to have been reasoning becomes reasoning', async () => {
  const answer = await write(ANSWER, [
    { type: 'text-delta', text: 'I have a clock.\n' },
    { type: 'text-was-reasoning' },
    { type: 'text-delta', text: 'Noon.' },
  ]);
  expect(answer?.parts).toEqual(textParts('Noon.', 'I have a clock.'));
});

test('a continued answer is appended to its existing parts', async () => {
  const answer = await write({ ...ANSWER, parts: textParts('It is', 'Noon.', 40) }, [
    { type: 'text-delta', text: ' noon.' },
  ]);
  expect(answer?.parts).toEqual(textParts('It is noon.', 'Noon.', 40));
});

test('a continued answer gets the space that its first word lacks', async () => {
  const cut = { ...ANSWER, parts: textParts('It is'), continued: 'by-asking' } as const;
  const events = ['noon', 'day.'].map((text) => ({ type: 'text-delta', text }) as const);
  expect((await write(cut, events))?.parts).toEqual(textParts('It is noonday.'));
});

test('an answer whose branch another tab has deleted is not written any more', async () => {
  const name = crypto.randomUUID();
  chats = new ChatRepository(new StateStore<SessionState>(INITIAL_STATE), new ChatStore(name), name);
  const chat = [QUESTION, ANSWER].reduce(addMessage, createConversation('c', 1, 'toy'));
  chats.show(chat);
  const writer = new MessageWriter(chats, 'c', ANSWER);
  writer.add({ type: 'text-delta', text: 'It is' });
  expect(writer.isGone).toBe(false);
  chats.put(purgeDeleted(deleteBranch(chat, 'q', 2)), ['q', 'a']);
  expect(writer.isGone).toBe(true);
  writer.add({ type: 'text-delta', text: ' noon.' });
  writer.complete();
  expect(chats.get('c')?.messages.get('a')).toMatchObject({ parts: [], purged: true });
});
