import { msg } from '@lit/localize';
import { textOf } from '../../chat/message-parts.ts';
import type { SessionState } from '../../session/state/session-state.ts';
import { MODELS_HASH } from '../contract/models-address.ts';
import type { CommandHost } from './command-host.ts';
import { CommandPalette, type PaletteItem } from './command-palette.ts';
import { ShortcutList } from './shortcut-list.ts';
import { COMMANDS, type Command } from './shortcuts.ts';

/** Performs a command. @returns the overlay that the app must show, for commands that open one */
export function perform(
  command: Command,
  host: CommandHost,
  again: (command: Command) => void,
): CommandPalette | ShortcutList | undefined {
  switch (command) {
    case 'palette': {
      const palette = new CommandPalette();
      palette.items = paletteItems(host, again);
      return palette;
    }
    case 'shortcuts':
      return new ShortcutList();
    case 'new-chat':
      host.newChat();
      return undefined;
    case 'composer':
      host.toComposer();
      return undefined;
    case 'stop':
      void host.session?.generation.stop();
      return undefined;
    case 'copy-answer':
      void copyAnswer(host);
      return undefined;
    case 'side':
      host.toggleSidebar();
      return undefined;
  }
}

async function copyAnswer(host: CommandHost): Promise<void> {
  const text = lastAnswer(host.session?.state);
  if (text === undefined) {
    host.say(msg('There is no answer yet.'));
    return;
  }
  try {
    await navigator.clipboard.writeText(text);
    host.say(msg('The answer was copied.'));
  } catch {
    host.say(msg('The browser did not allow copying.'));
  }
}

function lastAnswer(state: SessionState | undefined): string | undefined {
  const { chat } = state ?? {};
  let message = chat?.activeLeafId === undefined ? undefined : chat.messages.get(chat.activeLeafId);
  while (message !== undefined && (message.role !== 'assistant' || textOf(message) === '')) {
    message = message.parentId === undefined ? undefined : chat?.messages.get(message.parentId);
  }
  return message && textOf(message);
}

function paletteItems(host: CommandHost, again: (command: Command) => void): readonly PaletteItem[] {
  const { state } = host.session ?? {};
  if (state === undefined) return [];
  const isWriting = state.generation.status !== 'idle';
  const commands = (Object.keys(COMMANDS) as Command[]).filter(
    (command) =>
      command !== 'palette' &&
      (command !== 'stop' || isWriting) &&
      (command !== 'copy-answer' || lastAnswer(state) !== undefined),
  );
  const pages = [
    [MODELS_HASH, msg('Models'), 'library'],
    ['#storage', msg('Storage'), 'hard-drive'],
    ['#settings', msg('Settings'), 'settings'],
  ] as const;
  const isTemporary = state.storage.chats === 'temporary';
  return [
    {
      kind: 'command',
      label: isTemporary ? msg('Back to your chats') : msg('Temporary chat'),
      icon: 'new-chat',
      perform: () => location.assign(isTemporary ? location.pathname : `${location.pathname}?temporary`),
    },
    ...commands.map((command): PaletteItem => {
      return {
        kind: 'command',
        label: COMMANDS[command](),
        icon: ICONS[command],
        command,
        perform: () => again(command),
      };
    }),
    ...pages.map(([hash, label, icon]): PaletteItem => {
      return { kind: 'command', label, icon, perform: () => host.openPage(hash) };
    }),
    ...state.chats.map((chat): PaletteItem => {
      return {
        kind: 'chat',
        label: chat.title || msg('New chat'),
        icon: 'message',
        perform: () => void host.openChat(chat.id),
      };
    }),
    ...state.models.flatMap(({ record, weights }): PaletteItem[] =>
      weights.status === 'stored'
        ? [
            {
              kind: 'model',
              label: record.name,
              icon: 'library',
              perform: () => {
                host.session?.models.select(record.id);
                host.toComposer();
              },
            },
          ]
        : [],
    ),
  ];
}

const ICONS = {
  palette: 'search',
  'new-chat': 'new-chat',
  composer: 'pencil',
  stop: 'stop',
  'copy-answer': 'copy',
  side: 'menu',
  shortcuts: 'keyboard',
} as const satisfies Readonly<Record<Command, string>>;
