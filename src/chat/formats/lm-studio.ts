import { arrayField, type Fields, field, numberField, textField, timeField } from '../../platform/untrusted-json.ts';
import type { MessagePart } from '../message-parts.ts';
import type { DraftChat, DraftMessage, DraftNode } from './draft-chat.ts';
import { filePart, partsOf, resultText, systemPromptOf, toolCall } from './draft-parts.ts';

/**
 * A conversation of LM Studio (`….conversation.json` in its folder `conversations`): a list of messages with several
 * versions each, of which one is selected. What follows was said after the selected one, so the others become branches.
 * Shape: as written by 0.3; it is not documented.
 */
export function readLmStudio(value: Fields): DraftChat | undefined {
  const messages = arrayField(value, 'messages');
  const hasVersions = (message: unknown): boolean => arrayField(message, 'versions') !== undefined;
  if (messages === undefined || messages.length === 0 || !messages.every(hasVersions)) return undefined;
  const nodes: DraftNode[] = [];
  let unreadMessages = 0;
  let system = textField(value, 'systemPrompt');
  let parentId: string | undefined;
  for (const [index, message] of messages.entries()) {
    const versions = arrayField(message, 'versions') ?? [];
    const selected = numberField(message, 'currentlySelected', 0, versions.length - 1) ?? 0;
    let next = parentId;
    for (const [number, version] of versions.entries()) {
      const role = textField(version, 'role');
      if (role === 'system') system ||= resultText(field(version, 'content'));
      else if (role !== 'user' && role !== 'assistant' && role !== 'tool') unreadMessages += 1;
      const parts = role === 'system' ? [] : partsOf(readVersion(version));
      const id = `${index}-${number}-${hashOf(JSON.stringify(parts))}`;
      const modelId = textField(field(version, 'senderInfo'), 'senderName');
      nodes.push({ id, parentId, message: draftOf(role, parts, modelId) });
      if (number === selected) next = id;
    }
    parentId = next;
  }
  const createdAt = timeField(value, 'createdAt');
  return {
    source: 'lm-studio',
    id: createdAt === undefined ? undefined : `lm-studio-${createdAt}`,
    title: textField(value, 'name') ?? '',
    titleIsSet: textField(value, 'name') !== undefined,
    createdAt,
    updatedAt: timeField(value, 'assistantLastMessagedAt') ?? timeField(value, 'userLastMessagedAt'),
    modelId: textField(field(value, 'lastUsedModel'), 'identifier'),
    settings: systemPromptOf(system),
    ...(field(value, 'pinned') === true && { kept: { pinnedAt: createdAt ?? 0 } }),
    nodes,
    activeId: parentId,
    unreadMessages,
  };
}

function draftOf(
  role: string | undefined,
  parts: readonly MessagePart[],
  modelId: string | undefined,
): DraftMessage | undefined {
  if (parts.length === 0 || (role !== 'user' && role !== 'assistant' && role !== 'tool')) return undefined;
  const base = { parts, status: 'complete' as const, createdAt: undefined };
  if (role === 'user') return { role, ...base };
  return { role: 'assistant', ...base, ...(modelId && { modelId }) };
}

/** A version is one list of content, or steps, of which blocks of content are shown. */
function readVersion(version: unknown): MessagePart[] {
  const steps = arrayField(version, 'steps');
  if (steps === undefined) return (arrayField(version, 'content') ?? []).flatMap((piece) => readPiece(piece, false));
  return steps.flatMap((step) => {
    const isThinking = textField(field(step, 'style'), 'type') === 'thinking';
    return (arrayField(step, 'content') ?? []).flatMap((piece) => readPiece(piece, isThinking));
  });
}

function readPiece(piece: unknown, isThinking: boolean): MessagePart[] {
  const callId = idOfCall(piece);
  switch (textField(piece, 'type')) {
    case 'text':
      // The marks around reasoning.
      if (field(piece, 'isStructural') === true) return [];
      return [{ type: isThinking ? 'reasoning' : 'text', text: textField(piece, 'text') ?? '' }];
    case 'file':
      return [
        filePart({
          name: textField(piece, 'name') ?? textField(piece, 'fileIdentifier'),
          mediaType: textField(piece, 'fileType'),
          sizeBytes: numberField(piece, 'sizeBytes', 0),
        }),
      ];
    case 'toolCallRequest':
      return [toolCall(callId, textField(piece, 'name') ?? '', field(piece, 'parameters') ?? {}, 'complete')];
    case 'toolCallResult':
      return [{ type: 'tool-result', toolCallId: callId, content: resultText(field(piece, 'content')) }];
    default:
      return [];
  }
}

function idOfCall(piece: unknown): string {
  const id = field(piece, 'toolCallRequestId') ?? field(piece, 'callId') ?? field(piece, 'toolCallId');
  return typeof id === 'number' ? String(id) : typeof id === 'string' ? id.toWellFormed() : '';
}

/** FNV-1a, 32 bits: LM Studio has no ids, and the same message shall get the same id in a later file. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(36);
}
