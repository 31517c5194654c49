import { msg } from '@lit/localize';
import type { Conversation, Message } from '../../chat/conversation.ts';
import { toMarkdown } from '../../chat/formats/markdown.ts';
import { findModel } from '../../session/state/find-model.ts';
import type { SessionState } from '../../session/state/session-state.ts';
import { omittedLabel, partLabel } from '../lib/part-label.ts';

/** The shown branch of a chat as Markdown, in the interface's language. */
export function chatMarkdown(chat: Conversation, state: SessionState): string {
  return toMarkdown(chat, {
    you: msg('You'),
    nameOf: modelNameOf(state),
    thinking: msg('Thinking'),
    summary: msg('Summary'),
    labelOf: partLabel,
    arguments: msg('Arguments'),
    result: msg('Result'),
    omitted: omittedLabel,
    unfinished: msg('The answer did not finish by itself.'),
  });
}

/** Names the model that wrote a message. */
export function modelNameOf(state: SessionState): (message: Message) => string {
  return ({ modelId }) => findModel(state, modelId)?.record.name ?? modelId ?? msg('Model');
}
