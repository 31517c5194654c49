import { msg, str } from '@lit/localize';
import type { Message } from '../../chat/conversation.ts';
import { findModel } from '../../session/state/find-model.ts';
import type { SessionState } from '../../session/state/session-state.ts';
import { formatFraction, formatNumber } from '../lib/format.ts';

/** The name of the model that wrote a message. An imported chat names models that were never here. */
export function modelName(state: SessionState, { modelId, engine }: Message): string | undefined {
  const name = findModel(state, modelId)?.record.name;
  if (name !== undefined || modelId === undefined) return name;
  return engine === undefined || state.start !== 'ready' ? modelId : msg('Removed model');
}

/** What an answer waits for: it has no text yet, or the model reads the result of a tool, or is being loaded again. */
export function waitingFor(state: SessionState, message: Message): string {
  const last = message.parts.at(-1)?.type;
  const isWaiting = last === undefined || last === 'tool-result' || state.engine.status === 'loading';
  return message.status === 'streaming' && isWaiting ? waitingLabel(state, message.id) : '';
}

/** The answer is written, and the self-test that follows a first answer runs. */
export function isTestedIn({ generation, runtime }: SessionState, { id, status }: Message): boolean {
  return status === 'streaming' && runtime.isTesting && generation.status !== 'idle' && generation.messageId === id;
}

function waitingLabel(state: SessionState, messageId: string): string {
  const { engine, generation } = state;
  if (generation.status === 'idle' || generation.messageId !== messageId) return queuedLabel(state, messageId);
  if (engine.status !== 'loading') {
    const { reading } = generation.status === 'stopping' ? {} : generation;
    if (reading === undefined) return msg('Reading');
    return msg(str`Reading: ${formatNumber(reading.readTokens)} of ${formatNumber(reading.totalTokens)} tokens`);
  }
  const { progress } = engine;
  if (progress?.phase === 'shaders') return msg('Preparing the model');
  if (progress === undefined || progress.totalBytes === 0) return msg('Loading the model');
  return msg(str`Loading the model, ${formatFraction(progress.loadedBytes / progress.totalBytes)}`);
}

/** Another answer is generated first: of this chat, where several models are asked, or of another one. */
function queuedLabel({ generation, waiting, chat, chats, models }: SessionState, messageId: string): string {
  if (!waiting.some((place) => place.messageId === messageId)) return msg('Generated in another tab');
  if (generation.status === 'idle') return msg('Waiting for another answer');
  if (generation.chatId === chat?.id) {
    const writerId = chat.messages.get(generation.messageId)?.modelId;
    const name = findModel({ models }, writerId)?.record.name;
    return name === undefined ? msg('Waiting for another answer') : msg(str`Waiting for ${name}`);
  }
  const title = chats.find(({ id }) => id === generation.chatId)?.title ?? '';
  return title === '' ? msg('Waiting for another answer') : msg(str`Waiting for the answer in “${title}”`);
}
