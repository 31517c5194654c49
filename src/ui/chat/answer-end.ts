import { msg } from '@lit/localize';
import type { Message } from '../../chat/conversation.ts';
import { otherParts, reasoningOf, textOf } from '../../chat/message-parts.ts';

/** Why an answer is incomplete, or that it is empty; undefined for one that says all itself. */
export function answerEnd(message: Message): string | undefined {
  const { status, finishReason } = message;
  const hasAny = textOf(message) !== '' || otherParts(message).length > 0;
  const hasThought = reasoningOf(message) !== '';
  if (status === 'stopped') {
    return hasAny || hasThought
      ? msg('Stopped. The answer so far is kept.')
      : msg('Stopped before the answer started.');
  }
  if (status === 'failed' && (hasAny || hasThought)) return msg('The answer so far is kept.');
  if (status !== 'complete') return undefined;
  if (finishReason === 'length') return msg('Cut off: the answer reached its maximum length.');
  if (hasAny) return undefined;
  return hasThought ? msg('The model thought about it and gave no answer.') : msg('The model gave an empty answer.');
}
