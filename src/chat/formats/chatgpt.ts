import { arrayField, type Fields, field, fieldsOf, textField, timeField } from '../../platform/untrusted-json.ts';
import type { MessagePart } from '../message-parts.ts';
import { type CanvasDocument, contentPieces, readCanvas, toolResultPieces } from './chatgpt-content.ts';
import type { DraftChat, DraftMessage, DraftNode } from './draft-chat.ts';
import { partsOf, resultText, toolCall } from './draft-parts.ts';

/** Nodes between a tool's result and its call, or between two versions of a canvas, at most. */
const MOST_STEPS = 500;

/**
 * One conversation of ChatGPT's conversations.json: a tree of nodes by id, of which some have no content to show (roots,
 * hidden instructions). All branches are taken; `current_node` is the one that was shown.
 * Shape: as exported in 2023 to 2026; every field may be missing.
 */
export function readChatGpt(value: Fields): DraftChat | undefined {
  const mapping = fieldsOf(field(value, 'mapping'));
  if (mapping === undefined) return undefined;
  const entries = Object.entries(mapping);
  const order = childOrder(entries);
  const nodes: DraftNode[] = [];
  let unreadMessages = 0;
  for (const [id, node] of entries) {
    const read = readMessage(id, field(node, 'message'), (test) => above(mapping, node, test));
    if (read === 'unread') unreadMessages += 1;
    nodes.push({ id, parentId: textField(node, 'parent'), message: read === 'unread' ? undefined : read });
  }
  nodes.sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
  const id = textField(value, 'conversation_id') ?? textField(value, 'id');
  return {
    source: 'chatgpt',
    id: id === undefined ? undefined : `chatgpt-${id}`,
    title: textField(value, 'title') ?? '',
    titleIsSet: true,
    createdAt: timeField(value, 'create_time'),
    updatedAt: timeField(value, 'update_time'),
    modelId: undefined,
    settings: undefined,
    nodes,
    activeId: textField(value, 'current_node'),
    unreadMessages,
  };
}

/** The index of each node in its parent's list of children, which can differ from the order of the object. */
function childOrder(entries: readonly (readonly [string, unknown])[]): Map<string, number> {
  const order = new Map<string, number>();
  for (const [, node] of entries) {
    for (const [index, child] of (arrayField(node, 'children') ?? []).entries()) {
      if (typeof child === 'string') order.set(child, index);
    }
  }
  return order;
}

/** What `test` returns for the nearest message above a node for which it returns something. */
type Above = <Found>(test: (message: unknown, id: string) => Found | undefined) => Found | undefined;

function above<Found>(
  mapping: Fields,
  node: unknown,
  test: (message: unknown, id: string) => Found | undefined,
): Found | undefined {
  let id = textField(node, 'parent');
  for (let step = 0; id !== undefined && step < MOST_STEPS; step++) {
    const parent = field(mapping, id);
    const found = test(field(parent, 'message'), id);
    if (found !== undefined) return found;
    id = textField(parent, 'parent');
  }
  return undefined;
}

/** Undefined where there is nothing to show. A tool's result belongs to the answer that called it. */
function readMessage(id: string, message: unknown, lookUp: Above): DraftMessage | 'unread' | undefined {
  if (fieldsOf(message) === undefined) return undefined;
  const role = textField(field(message, 'author'), 'role');
  const metadata = field(message, 'metadata');
  if (role === 'system' || field(metadata, 'is_visually_hidden_from_conversation') === true) return undefined;
  if (role !== 'user' && role !== 'assistant' && role !== 'tool') return 'unread';
  const pieces = role === 'tool' ? readToolMessage(message, lookUp) : readSpoken(id, message, lookUp);
  if (pieces === undefined) return 'unread';
  const parts = partsOf(pieces);
  if (parts.length === 0) return undefined;
  const modelId = role === 'user' ? undefined : textField(metadata, 'model_slug');
  return {
    role: role === 'user' ? 'user' : 'assistant',
    parts,
    status: 'complete',
    createdAt: timeField(message, 'create_time'),
    ...(modelId !== undefined && { modelId }),
  };
}

function readSpoken(id: string, message: unknown, lookUp: Above): MessagePart[] | undefined {
  const recipient = recipientOf(message);
  if (recipient === 'all') return contentPieces(message);
  const input = inputOf(message);
  const canvas = readCanvas(recipient, input, () => lookUp(canvasIn));
  return canvas === undefined ? [toolCall(id, recipient, input, 'complete')] : [canvas.part];
}

function readToolMessage(message: unknown, lookUp: Above): MessagePart[] {
  const callId = lookUp((before, id) => (isCall(before) ? id : undefined));
  // That a canvas was stored is no content.
  const isCanvas = (textField(field(message, 'author'), 'name') ?? '').startsWith('canmore.');
  return callId === undefined || isCanvas ? [] : toolResultPieces(message, callId);
}

function isCall(message: unknown): boolean {
  return textField(field(message, 'author'), 'role') === 'assistant' && recipientOf(message) !== 'all';
}

function canvasIn(message: unknown): CanvasDocument | undefined {
  return isCall(message) ? readCanvas(recipientOf(message), inputOf(message), () => undefined) : undefined;
}

/** What a tool was called with: code, or JSON. */
function inputOf(message: unknown): string {
  const content = field(message, 'content');
  return textField(content, 'text') ?? resultText(arrayField(content, 'parts') ?? []);
}

function recipientOf(message: unknown): string {
  return textField(message, 'recipient') ?? 'all';
}
