import { html, nothing, type TemplateResult } from 'lit';
import type { PickedFile } from '../../session/models/custom-models.ts';

/** Places of the view that the page can fill. */
export const CHAT_SLOTS = [
  'header',
  'welcome',
  'starters',
  'consent',
  'message-actions',
  'composer-start',
  'composer-end',
  'footer',
] as const;

export type ChatSlot = (typeof CHAT_SLOTS)[number];

/**
 * What Enter does in the composer: send the message or start a new line. `auto`: a new line where the user types with a
 * keyboard on the screen, which has no Shift+Enter; else it sends.
 */
export const ENTER_KEYS = ['auto', 'send', 'newline'] as const;

export type EnterKey = (typeof ENTER_KEYS)[number];

/** What decides about the view of a chat: the page around it or, in the app, the user's settings. */
export interface ChatOptions {
  /** The slots that the page has filled. */
  readonly slots?: ReadonlySet<ChatSlot>;
  /** Title in the header. */
  readonly heading?: string | undefined;
  /** Shown in a chat without messages, in place of the question what the user would like to know. */
  readonly greeting?: string | undefined;
  /** First messages that the user can send with a click. */
  readonly starters?: readonly string[] | undefined;
  /** Placeholder of the composer. */
  readonly placeholder?: string | undefined;
  /** What Enter does in the composer. Default `auto`. */
  readonly enterKey?: EnterKey | undefined;
  /** The user can read, and neither type nor change anything. */
  readonly isDisabled?: boolean;
  /** The user can read the chat; there is no composer. */
  readonly isReadonly?: boolean;
  /** The user can attach files to a message. */
  readonly hasAttachments?: boolean;
  /** Adds a button that lists the past chats, where no app around the view does. */
  readonly hasPastChats?: boolean;
  /** Reads the text that the page adds to the next message; `''` for none. */
  readonly readAttached?: (() => Promise<string>) | undefined;
  /** Shows all models in the place of the panel, which has less room than the app's page. */
  readonly onAllModels?: (() => void) | undefined;
  /** Opens files as models; undefined where the page decides which models there are. */
  readonly onModelFiles?: ((files: readonly PickedFile[]) => void) | undefined;
  /** Adds a button that closes the view. */
  readonly onClose?: (() => void) | undefined;
}

export const NO_OPTIONS: ChatOptions = {};

/**
 * A slot if the page has filled it.
 * @param into the slot of the element around it that it fills in turn
 * @param fallback shown if the page has not filled it
 */
export function chatSlot(
  { slots }: ChatOptions,
  name: ChatSlot,
  { into, fallback = nothing }: { into?: string; fallback?: TemplateResult | typeof nothing } = {},
): TemplateResult | typeof nothing {
  if (slots?.has(name) !== true) return fallback;
  return html`<slot name=${name} slot=${into ?? nothing}></slot>`;
}
