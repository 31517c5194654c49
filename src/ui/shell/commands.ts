import { msg } from '@lit/localize';
import type { ConversationSummary, Message } from '../../chat/conversation.ts';
import { textOf } from '../../chat/message-parts.ts';
import { type Project, projectOf } from '../../chat/project.ts';
import { activePath } from '../../chat/tree.ts';
import type { SessionState } from '../../session/state/session-state.ts';
import { MODELS_HASH } from '../contract/models-address.ts';
import { canAnswer } from '../models/menu/picker-items.ts';
import { isWrittenIn } from '../models/model-labels.ts';
import { formatChatAddress } from './chat-address.ts';
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
    case 'previous-chat':
    case 'next-chat':
      openNeighbour(host, command === 'next-chat' ? 1 : -1);
      return undefined;
    case 'composer':
      host.toComposer();
      return undefined;
    case 'edit-question':
      act(host, 'edit', lastQuestion(host.session?.state));
      return undefined;
    case 'regenerate':
      act(host, 'regenerate', lastQuestion(host.session?.state));
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

/** Opens the chat below or above the open one in the list; from a new chat, the first or the last. */
function openNeighbour(host: CommandHost, step: 1 | -1): void {
  const { chats = [], chat, projects = [] } = host.session?.state ?? {};
  const listed = asListed(chats, projects);
  const at = listed.findIndex(({ id }) => id === chat?.id);
  const next = at === -1 ? listed.at(step === 1 ? 0 : -1) : listed[at + step];
  if (next !== undefined) void host.openChat(next.id);
}

/** The chats in the order of the list: those of projects, pinned ones, others; without the archive, which is folded. */
function asListed(chats: readonly ConversationSummary[], projects: readonly Project[]): readonly ConversationSummary[] {
  const kept = chats.filter(({ archivedAt }) => archivedAt === undefined);
  const within = (id: string | undefined): readonly ConversationSummary[] => {
    const own = kept.filter(({ projectId }) => projectOf(projects, projectId)?.id === id);
    return [...own.filter((chat) => chat.pinnedAt), ...own.filter((chat) => !chat.pinnedAt)];
  };
  return [...projects.map(({ id }) => id), undefined].flatMap(within);
}

function act(host: CommandHost, action: 'edit' | 'regenerate', question: Message | undefined): void {
  const { state } = host.session ?? {};
  if (question === undefined || state === undefined) host.say(msg('There is no question yet.'));
  else if (isWrittenIn(state, state.chat?.id)) host.say(msg('An answer is being written. Stop it first.'));
  else void host.actOnMessage(action, question.id);
}

function lastQuestion(state: SessionState | undefined): Message | undefined {
  return state?.chat === undefined ? undefined : activePath(state.chat).findLast(({ role }) => role === 'user');
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
  if (state?.chat === undefined) return undefined;
  const answer = activePath(state.chat).findLast((message) => message.role === 'assistant' && textOf(message) !== '');
  return answer && textOf(answer);
}

function paletteItems(host: CommandHost, again: (command: Command) => void): readonly PaletteItem[] {
  const { state } = host.session ?? {};
  if (state === undefined) return [];
  const commands = (Object.keys(COMMANDS) as Command[]).filter((command) => isPossible(command, state));
  const pages = [
    [MODELS_HASH, msg('Models'), 'library'],
    ...(state.models.filter(canAnswer).length < 2
      ? []
      : [[formatChatAddress({ chatId: state.chat?.id, panel: 'compare' }), msg('Compare models…'), 'panel'] as const]),
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

function isPossible(command: Command, state: SessionState): boolean {
  switch (command) {
    case 'palette':
      return false;
    case 'stop':
      return state.generation.status !== 'idle';
    case 'copy-answer':
      return lastAnswer(state) !== undefined;
    case 'edit-question':
    case 'regenerate':
      return lastQuestion(state) !== undefined && !isWrittenIn(state, state.chat?.id);
    case 'previous-chat':
    case 'next-chat':
      return state.chats.length > 0;
    default:
      return true;
  }
}

const ICONS = {
  palette: 'search',
  'new-chat': 'new-chat',
  'previous-chat': 'arrow-up',
  'next-chat': 'arrow-down',
  composer: 'message',
  'edit-question': 'pencil',
  regenerate: 'rotate',
  stop: 'stop',
  'copy-answer': 'copy',
  side: 'menu',
  shortcuts: 'keyboard',
} as const satisfies Readonly<Record<Command, string>>;
