import { msg } from '@lit/localize';
import type { Command } from './shortcuts.ts';

/** Commands in the order in which they are listed. */
export const COMMANDS: Readonly<Record<Command, () => string>> = {
  palette: () => msg('Find a command, a chat or a model'),
  'new-chat': () => msg('New chat'),
  composer: () => msg('Write a message'),
  stop: () => msg('Stop the answer'),
  'copy-answer': () => msg('Copy the last answer'),
  side: () => msg('Show or hide the chats'),
  shortcuts: () => msg('Keyboard shortcuts'),
};
