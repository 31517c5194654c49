import { safeDecodeUri } from '../../platform/safe-decode-uri.ts';
import type { Panel } from '../contract/events.ts';

/** What the URL's hash names while no page is open: `#/chat/ID`, `#/chat/ID/settings`, `#/new/models`, or nothing. */
export interface ChatAddress {
  /** Undefined: a new chat. */
  readonly chatId: string | undefined;
  readonly panel: Panel | undefined;
}

const PANEL_NAMES: Readonly<Record<Panel, string>> = {
  models: 'models',
  ledger: 'device',
  chat: 'settings',
  branches: 'branches',
  chats: 'chats',
  tools: 'tools',
  compare: 'compare',
};

/** @returns the hash with its `#`; empty for a new chat without a panel */
export function formatChatAddress({ chatId, panel }: ChatAddress): string {
  if (chatId === undefined && panel === undefined) return '';
  const chat = chatId === undefined ? '#/new' : `#/chat/${encodeURIComponent(chatId)}`;
  return panel === undefined ? chat : `${chat}/${PANEL_NAMES[panel]}`;
}

/** Any other hash names a new chat. */
export function readChatAddress(hash: string): ChatAddress {
  const [root, kind, ...rest] = hash.split('/');
  const [id, name] = kind === 'chat' ? rest : [undefined, ...rest];
  if (root !== '#' || (kind !== 'new' && (kind !== 'chat' || !id))) return { chatId: undefined, panel: undefined };
  const panel = (Object.keys(PANEL_NAMES) as Panel[]).find((one) => PANEL_NAMES[one] === name);
  return { chatId: id === undefined ? undefined : safeDecodeUri(id), panel };
}
