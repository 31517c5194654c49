import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatChatAddress, readChatAddress } from './chat-address.ts';

test('an address names a chat and the panel over it', () => {
  expect(formatChatAddress({ chatId: 'a b', panel: 'chat' })).toBe('#/chat/a%20b/settings');
  expect(formatChatAddress({ chatId: undefined, panel: 'models' })).toBe('#/new/models');
  expect(formatChatAddress({ chatId: undefined, panel: undefined })).toBe('');
  expect(formatChatAddress({ chatId: undefined, projectId: 'a b', panel: undefined })).toBe('#/project/a%20b/new');
});

test('an address is read as it was written', () => {
  const panels = fc.constantFrom('models', 'ledger', 'chat', 'branches', 'chats', undefined);
  const ids = fc.option(fc.string({ minLength: 1, unit: 'grapheme' }), { nil: undefined });
  fc.assert(
    fc.property(ids, panels, (chatId, panel) => {
      expect(readChatAddress(formatChatAddress({ chatId, panel }))).toEqual({ chatId, panel });
      if (chatId === undefined) return;
      const fresh = { chatId: undefined, projectId: chatId, panel };
      expect(readChatAddress(formatChatAddress(fresh))).toEqual(fresh);
    }),
  );
});

test.each([
  '',
  '#',
  '#models',
  '#/',
  '#/chat',
  '#/chat/',
  '#/constructor/a',
  '#add=#/chat/a',
  '#/CHAT/a',
  '#/project/a',
  '#/project//new',
])('the hash %j names a new chat', (hash) =>
  expect(readChatAddress(hash)).toEqual({ chatId: undefined, panel: undefined }),
);

test('an unknown panel is none', () => {
  expect(readChatAddress('#/chat/a/constructor')).toEqual({ chatId: 'a', panel: undefined });
});
