/**
 * What a page and its hub say to each other: see docs/decisions/2026-11-30-a-hub-for-other-sites.md. One message to the hub's
 * window hands over a port; all others go through it. Both sides read messages by the functions below, which accept nothing
 * that the types do not name. No message has text of a conversation, in either direction.
 */
import type { ErrorCode } from '../../platform/errors.ts';
import { field, isFields, numberField, textField } from '../../platform/untrusted-json.ts';
import { type Looks, readLooks } from './hub-looks.ts';

/** The versions that this build speaks, best first. */
export const HUB_VERSIONS: readonly number[] = [1];

/** Messages that a side may send at once, and how many more each second. A side that sends more is disconnected. */
export const MESSAGE_BURST = 100;
export const MESSAGES_PER_SECOND = 20;

/** The largest length of each text, in UTF-16 code units. */
const TEXTS = {
  model: 300,
  engine: 20,
  instructions: 20_000,
  context: 200_000,
  heading: 200,
  greeting: 2_000,
  placeholder: 200,
  history: 500,
  storage: 20,
  enterKey: 20,
  theme: 20,
  lang: 40,
} as const;

/** Of a text for the message field. */
const FILL_LENGTH = 20_000;

const LISTS = {
  models: { items: 1_000, characters: 300 },
  starters: { items: 20, characters: 500 },
} as const;

const FLAGS = ['attachments', 'autoLoad', 'disabled', 'readonly', 'canClose'] as const;

/** What a page may set on a chat that it cannot read. The names are those of the element's properties. */
export type HubSettings = { readonly [Name in keyof typeof TEXTS]?: string } & {
  readonly [Name in keyof typeof LISTS]?: readonly string[];
} & { readonly [Name in (typeof FLAGS)[number]]?: boolean } & { readonly looks?: Looks };

const CALLS = ['focus', 'newChat', 'load', 'stop', 'unload', 'fill'] as const;

/** What a page may have a hub do. None of it has a result. `fill` puts a text into the message field. */
export type HubCall = (typeof CALLS)[number];

const CONNECT = 'alcove-hub-connect';

/** To the hub's window, with one port. The hub answers once in each of its documents, and repeats the nonce. */
export interface ConnectMessage {
  readonly type: typeof CONNECT;
  readonly versions: readonly number[];
  readonly nonce: string;
}

/**
 * Why a hub does not take a page: `host`, its list does not have the page or one around it; `version`, they have none in
 * common; `connected`, this document of the hub has a page already.
 */
export type Refusal = 'host' | 'version' | 'connected';

const REFUSALS: readonly Refusal[] = ['host', 'version', 'connected'];

export type ConnectReply =
  | { readonly type: 'accepted'; readonly nonce: string; readonly version: number }
  | { readonly type: 'refused'; readonly nonce: string; readonly reason: Refusal };

export type PageMessage =
  | { readonly type: 'configure'; readonly settings: HubSettings }
  | { readonly type: 'call'; readonly callId: number; readonly call: Exclude<HubCall, 'fill'> }
  | { readonly type: 'call'; readonly callId: number; readonly call: 'fill'; readonly text: string };

export type HubMessage =
  | { readonly type: 'ready' | 'model-change'; readonly modelId?: string }
  | {
      readonly type: 'progress';
      readonly phase: 'download' | 'load';
      readonly modelId: string;
      readonly loadedBytes: number;
      readonly totalBytes?: number;
    }
  | { readonly type: 'error'; readonly code: ErrorCode }
  /** The user closes the panel or the bubble. */
  | { readonly type: 'close' }
  /** A call has ended: without a code, as asked; with `cancelled`, by the user or by another call. */
  | { readonly type: 'result'; readonly callId: number; readonly code?: ErrorCode | 'cancelled' }
  /** The hub reads no more: a message was none, or there were too many. */
  | { readonly type: 'end'; readonly reason: EndReason };

export type EndReason = 'invalid' | 'flood';

export function connectMessage(nonce: string): ConnectMessage {
  return { type: CONNECT, versions: HUB_VERSIONS, nonce };
}

/** @returns undefined for any other message: pages send their frames what they like */
export function readConnect(data: unknown): ConnectMessage | undefined {
  const nonce = textField(data, 'nonce');
  const versions = field(data, 'versions');
  if (textField(data, 'type') !== CONNECT || nonce === undefined || !/^[\w-]{16,64}$/.test(nonce)) return undefined;
  if (!Array.isArray(versions) || versions.length > 20 || !versions.every(isCount)) return undefined;
  return { type: CONNECT, versions, nonce };
}

export function readReply(data: unknown): ConnectReply | undefined {
  const type = textField(data, 'type');
  const nonce = textField(data, 'nonce');
  if (nonce === undefined || nonce.length > 64) return undefined;
  if (type === 'accepted') {
    const version = numberField(data, 'version');
    return version === undefined || !HUB_VERSIONS.includes(version) ? undefined : { type, nonce, version };
  }
  const reason = REFUSALS.find((name) => name === textField(data, 'reason'));
  return type === 'refused' && reason !== undefined ? { type, nonce, reason } : undefined;
}

export function readPageMessage(data: unknown): PageMessage | undefined {
  const type = textField(data, 'type');
  if (type === 'configure') {
    const settings = readSettings(field(data, 'settings'));
    return settings === undefined ? undefined : { type, settings };
  }
  const callId = field(data, 'callId');
  const call = CALLS.find((name) => name === textField(data, 'call'));
  if (type !== 'call' || call === undefined || !isCount(callId)) return undefined;
  if (call !== 'fill') return { type, callId, call };
  const text = textField(data, 'text');
  return text === undefined || text.length > FILL_LENGTH ? undefined : { type, callId, call, text };
}

/** Cuts a text that is too long for a hub. */
export function fitFill(text: string): string {
  return text.slice(0, FILL_LENGTH).toWellFormed();
}

export function readHubMessage(data: unknown): HubMessage | undefined {
  const type = textField(data, 'type');
  const modelId = textField(data, 'modelId');
  if (modelId !== undefined && modelId.length > TEXTS.model) return undefined;
  switch (type) {
    case 'ready':
    case 'model-change':
      return { type, ...(modelId !== undefined && { modelId }) };
    case 'progress':
      return modelId === undefined ? undefined : readProgress(data, modelId);
    case 'error': {
      const code = readCode(data);
      return code === undefined ? undefined : { type, code };
    }
    case 'close':
      return { type };
    case 'result': {
      const callId = field(data, 'callId');
      const code = readCode(data);
      if (!isCount(callId) || (code === undefined && field(data, 'code') !== undefined)) return undefined;
      return { type, callId, ...(code !== undefined && { code }) };
    }
    case 'end': {
      const reason = textField(data, 'reason');
      return reason === 'invalid' || reason === 'flood' ? { type, reason } : undefined;
    }
    default:
      return undefined;
  }
}

/** Cuts what is too long for the hub, which would refuse it: the page's text may be of any length. */
export function fitSettings(settings: HubSettings): HubSettings {
  const fitted: Record<string, unknown> = {};
  for (const [name, limit] of Object.entries(TEXTS)) {
    const text = settings[name as keyof typeof TEXTS];
    if (text !== undefined) fitted[name] = text.slice(0, limit).toWellFormed();
  }
  for (const [name, { items, characters }] of Object.entries(LISTS)) {
    const list = settings[name as keyof typeof LISTS];
    if (list !== undefined) fitted[name] = list.slice(0, items).map((text) => text.slice(0, characters).toWellFormed());
  }
  for (const name of FLAGS) if (settings[name] === true) fitted[name] = true;
  if (settings.looks !== undefined) fitted['looks'] = settings.looks;
  return fitted as HubSettings;
}

function readSettings(value: unknown): HubSettings | undefined {
  if (!isFields(value)) return undefined;
  const settings: Record<string, unknown> = {};
  for (const [name, limit] of Object.entries(TEXTS)) {
    if (field(value, name) === undefined) continue;
    const text = textField(value, name);
    if (text === undefined || text.length > limit) return undefined;
    settings[name] = text;
  }
  for (const [name, { items, characters }] of Object.entries(LISTS)) {
    const list = field(value, name);
    if (list === undefined) continue;
    if (!Array.isArray(list) || list.length > items) return undefined;
    if (!list.every((text) => typeof text === 'string' && text.length <= characters)) return undefined;
    settings[name] = list.map((text: string) => text.toWellFormed());
  }
  for (const name of FLAGS) {
    const flag = field(value, name);
    if (flag === undefined) continue;
    if (typeof flag !== 'boolean') return undefined;
    settings[name] = flag;
  }
  const looks = field(value, 'looks');
  if (looks !== undefined) {
    if (!isFields(looks)) return undefined;
    settings['looks'] = readLooks(looks);
  }
  return settings as HubSettings;
}

function readProgress(data: unknown, modelId: string): HubMessage | undefined {
  const phase = textField(data, 'phase');
  const loadedBytes = numberField(data, 'loadedBytes', 0);
  const totalBytes = numberField(data, 'totalBytes', 0);
  if ((phase !== 'download' && phase !== 'load') || loadedBytes === undefined) return undefined;
  return { type: 'progress', phase, modelId, loadedBytes, ...(totalBytes !== undefined && { totalBytes }) };
}

/** Any code in the form of one: a newer hub may have codes that this build does not know. */
function readCode(data: unknown): ErrorCode | undefined {
  const code = textField(data, 'code');
  return code !== undefined && /^[a-z0-9]+(-[a-z0-9]+){0,6}$/.test(code) && code.length <= 40
    ? (code as ErrorCode)
    : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
