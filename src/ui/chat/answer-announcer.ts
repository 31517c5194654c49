import { msg, str } from '@lit/localize';
import type { Message } from '../../chat/conversation.ts';
import { reasoningOf, type ToolCallPart, textOf } from '../../chat/message-parts.ts';
import type { ReadingProgress } from '../../engine/engine.ts';
import type { SessionState } from '../../session/state/session-state.ts';
import { describeError } from '../errors/error-messages.ts';
import { formatFraction } from '../lib/format.ts';
import { partLabel } from '../lib/part-label.ts';
import { SentenceAnnouncer } from '../lib/sentence-announcer.ts';
import { answerEnd } from './answer-end.ts';
import { toolQuestionLabel } from './tools/tool-labels.ts';

/** How often it is said how much of the prompt is read, in ms. */
const READING_EVERY_MS = 5_000;

type Phase =
  | 'loading'
  | 'asking'
  | 'calling'
  | 'reading'
  | 'thinking'
  | 'writing'
  | Exclude<Message['status'], 'streaming'>;

/** Announces how an answer proceeds: the load of its model, its start, its sentences, and how it ends. */
export class AnswerAnnouncer {
  readonly #sentences: SentenceAnnouncer;
  readonly #now: () => number;
  #messageId: string;
  #readingSaidAt = Number.NEGATIVE_INFINITY;
  #phase: Phase | undefined = 'reading';

  /**
   * @param messageId the answer that was being generated when the announcer was requested; it may have ended since
   * @param now a clock, in ms
   */
  constructor(region: HTMLElement, messageId: string, now = () => performance.now()) {
    this.#now = now;
    this.#sentences = new SentenceAnnouncer(region);
    this.#sentences.update(messageId, '');
    this.#messageId = messageId;
  }

  /** Takes the newest answer after each change. An answer that was complete before is not announced. */
  update(message: Message, { engine, generation, toolQuestion }: SessionState): void {
    const { id, status } = message;
    const text = textOf(message);
    if (id !== this.#messageId) {
      this.#messageId = id;
      this.#phase = undefined;
    }
    const phase = toolQuestion?.messageId === id ? 'asking' : phaseOf(message, engine.status);
    if (this.#phase === undefined && status !== 'streaming') return;
    const isNew = phase !== this.#phase;
    this.#phase = phase;
    if (status !== 'streaming') this.#sentences.finish(id, text);
    if (isNew) this.#sentences.say(phaseLabel(phase, message, toolQuestion?.callId));
    if (status === 'streaming') this.#sentences.update(id, text);
    if (phase === 'reading' && 'reading' in generation && generation.messageId === id)
      this.#sayReading(generation.reading);
  }

  #sayReading(reading: ReadingProgress | undefined): void {
    const now = this.#now();
    if (reading === undefined || now - this.#readingSaidAt < READING_EVERY_MS) return;
    this.#readingSaidAt = now;
    this.#sentences.say(msg(str`Reading the message, ${formatFraction(reading.readTokens / reading.totalTokens)}`));
  }
}

function phaseOf(message: Message, engine: SessionState['engine']['status']): Phase {
  const { status } = message;
  if (status !== 'streaming') return status;
  if (engine === 'loading') return 'loading';
  if (lastCall(message)?.state === 'running') return 'calling';
  if (textOf(message) !== '') return 'writing';
  return reasoningOf(message) === '' ? 'reading' : 'thinking';
}

/** The call that runs or ran last; calls run one after another. */
function lastCall({ parts }: Message): ToolCallPart | undefined {
  return parts.findLast((part): part is ToolCallPart => part.type === 'tool-call' && part.state !== 'pending');
}

function phaseLabel(phase: Phase, message: Message, askedCallId: string | undefined): string {
  const { parts } = message;
  switch (phase) {
    case 'asking': {
      const asked = parts.find((part): part is ToolCallPart => part.type === 'tool-call' && part.id === askedCallId);
      return toolQuestionLabel(asked?.name ?? '');
    }
    case 'calling': {
      const call = lastCall(message);
      return call === undefined ? '' : partLabel(call);
    }
    case 'loading':
      return msg('Loading the model');
    case 'reading':
      return '';
    case 'thinking':
      return msg('Thinking…');
    case 'writing':
      return msg('The answer starts.');
    case 'complete':
      return answerEnd(message) ?? msg('The answer is complete.');
    case 'stopped':
      return answerEnd(message) ?? '';
    case 'failed': {
      const { error } = message;
      if (error === undefined) return msg('The answer failed.');
      const { title } = describeError(error);
      return msg(str`The answer failed: ${title}.`);
    }
  }
}
