/** The parts inside the chat view and its shell that a host page can style; each is described in alcove-chat-element.ts. */
export const INNER_PARTS = [
  'header',
  'past-chats',
  'heading',
  'model',
  'privacy',
  'settings',
  'close',
  'messages',
  'greeting',
  'starters',
  'starter',
  'message',
  'user',
  'assistant',
  'markdown',
  'statistics',
  'composer',
  'field',
  'send',
  'stop',
  'meter',
  'panel',
] as const;

/** For the attribute `exportparts`. */
export const EXPORTED_PARTS = INNER_PARTS.join(', ');
