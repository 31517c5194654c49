import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Conversation } from './conversation.ts';
import { isHidden, purgeDeleted, restoreBranch } from './deletion.ts';
import { mergeConversations } from './merge.ts';
import { otherParts, textOf } from './message-parts.ts';
import { outline } from './outline.ts';
import { type Edit, Editor, edits } from './testing/random-edits.ts';
import { activePath, createConversation, inOrder, isDeleted, pathTo, siblings } from './tree.ts';

function play(chat: Conversation, editor: Editor, steps: readonly Edit[], check?: (chat: Conversation) => void) {
  let played = chat;
  for (const step of steps) {
    played = editor.apply(played, step);
    check?.(played);
  }
  return played;
}

/** Two tabs' states of one chat, from a common beginning, and who wrote them. */
const divergence = fc.record({ before: edits, here: edits, there: edits }).map(({ before, here, there }) => {
  const beginner = new Editor('b', 0);
  const start = play(createConversation('c', 0, 'toy'), beginner, before);
  const [one, other] = [new Editor('h', 200), new Editor('t', 201)];
  return {
    one: play(start, one, here),
    other: play(start, other, there),
    editors: [beginner, one, other],
  };
});

function expectWhole(chat: Conversation): void {
  for (const { id, parentId } of chat.messages.values()) {
    if (parentId !== undefined) expect(chat.messages.has(parentId)).toBe(true);
    const roles = pathTo(chat, id).flatMap(({ role }) => (role === 'summary' ? [] : role));
    for (const [turn, role] of roles.entries()) expect(role).toBe(turn % 2 === 0 ? 'user' : 'assistant');
  }
  for (const shown of activePath(chat)) expect(isHidden(chat, shown.id)).toBe(false);
  if (chat.activeLeafId !== undefined) expect(activePath(chat)[0]?.parentId).toBeUndefined();
}

test('random edits lose nothing, keep turns alternating on every path, and show nothing deleted', () => {
  fc.assert(
    fc.property(edits, (steps) => {
      const editor = new Editor('m', 0);
      play(createConversation('c', 0, undefined), editor, steps, (chat) => {
        for (const [id, text] of editor.written) {
          const message = chat.messages.get(id);
          expect(message && textOf(message)).toBe(text);
          expect(message && otherParts(message)).toEqual(editor.attached.get(id));
        }
        expect(chat.messages.size).toBe(editor.written.size);
        expectWhole(chat);
      });
    }),
    { numRuns: 200 },
  );
});

test('a merge of two tabs keeps the messages of both, in either order', () => {
  fc.assert(
    fc.property(divergence, ({ one, other, editors }) => {
      const merged = mergeConversations(one, other);
      expectWhole(merged);
      const messages = [...merged.messages.values()];
      for (const editor of editors) {
        for (const [id, text] of editor.written) {
          const attached = editor.attached.get(id) ?? [];
          const isKept = messages.some(
            (message) =>
              (message.id === id ? textOf(message).startsWith(text) : textOf(message) === text) &&
              attached.every((part) =>
                otherParts(message).some((other) => JSON.stringify(other) === JSON.stringify(part)),
              ),
          );
          expect(isKept, `${id}: ${text}`).toBe(true);
        }
      }
      expect(asValue(mergeConversations(other, one))).toEqual(asValue(merged));
    }),
    { numRuns: 200 },
  );
});

test('a second merge changes nothing', () => {
  fc.assert(
    fc.property(divergence, ({ one, other }) => {
      const merged = mergeConversations(one, other);
      for (const again of [merged, one, other]) {
        expect(asValue(mergeConversations(merged, again))).toEqual(asValue(merged));
      }
      expect(asValue(mergeConversations(one, one))).toEqual(asValue(one));
    }),
    { numRuns: 100 },
  );
});

test('a later state replaces an earlier one, and is the same when it is read again, whatever the clock was', () => {
  fc.assert(
    fc.property(edits, fc.func(fc.nat(9)), (steps, orderOf) => {
      const editor = new Editor('m', 10_000);
      let before = createConversation('c', 10_000, undefined);
      play(before, editor, steps, (chat) => {
        const merged = mergeConversations(before, chat);
        // The store returns messages in the order of their keys.
        const stored = [...merged.messages.values()].sort((a, b) => orderOf(a.id) - orderOf(b.id));
        const again = { ...merged, messages: inOrder(stored) };
        const { messages: _messages, ...fields } = chat;
        expect(again).toMatchObject(fields);
        expect(activePath(again).map(({ id }) => id)).toEqual(activePath(chat).map(({ id }) => id));
        for (const id of chat.messages.keys()) {
          expect(siblings(again, id).map((one) => one.id)).toEqual(siblings(chat, id).map((one) => one.id));
        }
        before = chat;
      });
    }),
    { numRuns: 200 },
  );
});

test('an outline holds each message that is not deleted exactly once', () => {
  fc.assert(
    fc.property(edits, (steps) => {
      const chat = play(createConversation('c', 0, undefined), new Editor('m', 0), steps);
      const stretches = outline(chat);
      const visible = [...chat.messages.keys()].filter((id) => !isHidden(chat, id));
      expect(stretches.reduce((sum, { messageCount }) => sum + messageCount, 0)).toBe(visible.length);
      for (const { first, last } of stretches) expect(pathTo(chat, last.id)).toContain(first);
      const shown = stretches.filter(({ isShown }) => isShown);
      expect(shown.map(({ depth }) => depth)).toEqual(shown.map((_, depth) => depth));
    }),
    { numRuns: 100 },
  );
});

test('a purge removes the text of deleted messages whose undo has ended, and no other text', () => {
  fc.assert(
    fc.property(edits, fc.func(fc.boolean()), (steps, isUndoable) => {
      const chat = play(createConversation('c', 0, undefined), new Editor('m', 0), steps);
      const undoable = new Set([...chat.messages.keys()].filter(isUndoable));
      const purged = purgeDeleted(chat, undoable);
      for (const [id, message] of chat.messages) {
        const isOver = pathTo(chat, id).some((one) => isDeleted(one) && !undoable.has(one.id));
        if (isOver) expect(purged.messages.get(id)).toMatchObject({ parts: [], purged: true });
        else expect(purged.messages.get(id)).toBe(message);
      }
      expectWhole(purged);
      expect(purgeDeleted(purged, undoable)).toBe(purged);
      // Neither an undo that comes too late nor another tab's copy brings it back.
      const merged = mergeConversations(chat, purged);
      for (const message of purged.messages.values()) {
        if (!message.purged) continue;
        expect(restoreBranch(purged, message.id, 9_999)).toBe(purged);
        expect(merged.messages.get(message.id)?.parts).toEqual([]);
      }
    }),
    { numRuns: 100 },
  );
});

function asValue({ messages, ...fields }: Conversation): unknown {
  return { ...fields, messages: [...messages] };
}
