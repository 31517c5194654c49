import { msg } from '@lit/localize';
import { pressedKey } from '../lib/pressed-key.ts';

/** Commands with a keyboard shortcut that works wherever the focus is. */
export type Command =
  | 'palette'
  | 'shortcuts'
  | 'new-chat'
  | 'previous-chat'
  | 'next-chat'
  | 'composer'
  | 'edit-question'
  | 'regenerate'
  | 'stop'
  | 'copy-answer'
  | 'side';

export interface Shortcut {
  /** `KeyboardEvent.key` in lower case. */
  readonly key: string;
  /** With Command on a Mac, else with Ctrl. */
  readonly mod?: true;
  readonly shift?: true;
  readonly alt?: true;
  /** A single character: ignored while the user types, and the user can turn it off (WCAG 2.1.4). */
  readonly single?: true;
}

export const SHORTCUTS: Readonly<Record<Command, readonly Shortcut[]>> = {
  palette: [{ key: 'k', mod: true }],
  shortcuts: [
    { key: '?', single: true },
    { key: '/', mod: true },
  ],
  'new-chat': [{ key: 'o', mod: true, shift: true }],
  'previous-chat': [{ key: 'arrowup', alt: true }],
  'next-chat': [{ key: 'arrowdown', alt: true }],
  composer: [{ key: '/', single: true }],
  'edit-question': [{ key: 'e', mod: true, shift: true }],
  regenerate: [{ key: 'enter', mod: true, shift: true }],
  stop: [{ key: 'escape' }],
  'copy-answer': [{ key: 'c', mod: true, shift: true }],
  side: [{ key: 's', mod: true, shift: true }],
};

/** Labels of the commands, in the order in which they are listed. */
export const COMMANDS: Readonly<Record<Command, () => string>> = {
  palette: () => msg('Find a command, a chat or a model'),
  'new-chat': () => msg('New chat'),
  'previous-chat': () => msg('Previous chat'),
  'next-chat': () => msg('Next chat'),
  composer: () => msg('Write a message'),
  'edit-question': () => msg('Edit the last question'),
  regenerate: () => msg('Answer the last question again'),
  stop: () => msg('Stop the answer'),
  'copy-answer': () => msg('Copy the last answer'),
  side: () => msg('Show or hide the chats'),
  shortcuts: () => msg('Keyboard shortcuts'),
};

export const IS_MAC = /^(?:Mac|iP)/.test(navigator.platform);

/** The command of a pressed key. It may not be possible now; `perform` decides that. */
export function commandOf(event: KeyboardEvent): Command | undefined {
  if (event.defaultPrevented || pressedKey(event) === undefined) return undefined;
  for (const [command, shortcuts] of Object.entries(SHORTCUTS)) {
    if (shortcuts.some((shortcut) => isPressed(shortcut, event))) return command as Command;
  }
  return undefined;
}

function isPressed({ key, mod, shift, alt, single }: Shortcut, event: KeyboardEvent): boolean {
  const pressed = event.key.toLowerCase();
  // On a layout without Latin letters, compares the physical key.
  const isLatin = pressed.length > 1 || pressed < '\u0250';
  if (pressed !== key && (isLatin || event.code.toLowerCase() !== `key${key}`)) return false;
  if (event.altKey !== (alt === true)) return false;
  const hasMod = IS_MAC ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
  if (mod === true) return hasMod && (shift === true) === event.shiftKey;
  if (event.ctrlKey || event.metaKey) return false;
  if (single !== true) return !event.shiftKey;
  return document.documentElement.dataset['singleKeys'] !== 'off' && !isTyping(event);
}

/** Whether the user types, or the focused control handles characters itself. */
function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('input, textarea, select, [role="textbox"], [role="listbox"]');
}
