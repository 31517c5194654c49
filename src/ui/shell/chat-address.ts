import { safeDecodeUri } from '../../platform/safe-decode-uri.ts';
import type { Panel } from '../contract/events.ts';

/** What the URL's hash names while no page is open: `#/chat/ID`, `#/chat/ID/settings`, `#/new/models`, `#/project/ID/new`, or nothing. */
export interface ChatAddress {
  /** Undefined: a new chat. */
  readonly chatId: string | undefined;
  /** The project of a new chat. */
  readonly projectId?: string | undefined;
  readonly panel: Panel | undefined;
}

const NEW_CHAT: ChatAddress = { chatId: undefined, panel: undefined };

const PANEL_NAMES: Readonly<Record<Panel, string>> = {
  models: 'models',
  ledger: 'device',
  chat: 'settings',
  branches: 'branches',
  chats: 'chats',
  tools: 'tools',
  compare: 'compare',
  reading: 'reading',
};

/** @returns the hash with its `#`; empty for a new chat without a panel */
export function formatChatAddress({ chatId, projectId, panel }: ChatAddress): string {
  if ((chatId ?? projectId ?? panel) === undefined) return '';
  const fresh = projectId === undefined ? '#/new' : `#/project/${encodeURIComponent(projectId)}/new`;
  const chat = chatId === undefined ? fresh : `#/chat/${encodeURIComponent(chatId)}`;
  return panel === undefined ? chat : `${chat}/${PANEL_NAMES[panel]}`;
}

/** Any other hash names a new chat. */
export function readChatAddress(hash: string): ChatAddress {
  const [root, kind, ...rest] = hash.split('/');
  const [id, ...below] = kind === 'new' ? [undefined, ...rest] : rest;
  const isProject = kind === 'project' && below.shift() === 'new';
  if (root !== '#' || (kind !== 'new' && (!id || (kind !== 'chat' && !isProject)))) return NEW_CHAT;
  const panel = (Object.keys(PANEL_NAMES) as Panel[]).find((one) => PANEL_NAMES[one] === below[0]);
  const named = id === undefined ? undefined : safeDecodeUri(id);
  return isProject ? { chatId: undefined, projectId: named, panel } : { chatId: named, panel };
}
