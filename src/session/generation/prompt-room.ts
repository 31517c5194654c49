import type { Conversation, Message } from '../../chat/conversation.ts';
import type { MessagePart } from '../../chat/message-parts.ts';
import type { ProjectFile } from '../../chat/project.ts';
import { contextUse, fits, tokensOfParts } from '../../chat/prompt/context-window.ts';
import { wantedTokens } from '../../chat/prompt/read-passages.ts';
import type { ChatSettings } from '../../chat/settings/chat-settings.ts';
import { pathTo } from '../../chat/tree.ts';
import { profileOf } from '../../models/engines/engine-profiles.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import type { RequestBuilder } from './request-builder.ts';

/** What to do with a prompt that does not fit: a policy of the settings, or to send it anyway. */
export type CompactionPolicy = NonNullable<ChatSettings['contextPolicy']> | 'send';

/**
 * Whether a prompt can be sent without making room: by an estimate it fits, or `asked` is `send`.
 * @param leafId the message that it follows
 * @param parts of the prompt
 * @param asked the policy for this prompt; default: none unless it does not fit
 */
export function hasRoom(
  requests: RequestBuilder,
  chat: Conversation,
  leafId: string | undefined,
  parts: readonly MessagePart[],
  record: ModelRecord,
  asked: CompactionPolicy | undefined,
): boolean {
  if (asked !== undefined) return asked === 'send';
  const { systemPrompt, sampling } = requests.settingsOf(chat);
  const files = requests.filesOf(chat);
  const tokens = promptTokens(requests, pathTo(chat, leafId), parts, record, systemPrompt, files);
  return fits(tokens, record.contextWindow, sampling?.maxTokens);
}

/** Estimate of a prompt with all that comes before it. */
export function promptTokens(
  { toolTokens }: RequestBuilder,
  path: readonly Message[],
  parts: readonly MessagePart[],
  record: ModelRecord,
  systemPrompt: string | undefined,
  files: readonly ProjectFile[],
): number {
  const imageTokens = profileOf(record).imageTokens(record);
  const use = contextUse(path, systemPrompt, toolTokens, imageTokens);
  const documents = wantedTokens(path, { parts }, record.contextWindow, files);
  return use.usedTokens + tokensOfParts(parts, use, imageTokens) + documents;
}
