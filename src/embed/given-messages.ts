import type { ChatMessage, ChatMessageInput } from './public-types.ts';

const ROLES: readonly unknown[] = ['system', 'user', 'assistant'];

/** Copies the messages of a host page. @throws TypeError naming the first one that is none */
export function checkMessages(messages: readonly ChatMessageInput[]): readonly ChatMessageInput[] {
  if (!Array.isArray(messages)) throw new TypeError('messages: not an array');
  return messages.map((message: Partial<ChatMessageInput> | null, index) => {
    const { role, content } = message ?? {};
    if (role === undefined || !ROLES.includes(role)) {
      throw new TypeError(`messages[${index}].role: not system, user or assistant`);
    }
    if (role === 'system' && index > 0) throw new TypeError(`messages[${index}].role: system may only come first`);
    if (typeof content !== 'string') throw new TypeError(`messages[${index}].content: not a string`);
    return { role, content };
  });
}

/** Given messages as they are read back before the chat has been made; their ids are not final. */
export function givenMessages(given: readonly ChatMessageInput[]): readonly ChatMessage[] {
  return given.flatMap(({ role, content }, index) =>
    role === 'system' ? [] : { id: `given-${index}`, role, content, status: 'complete' as const, createdAt: 0 },
  );
}
