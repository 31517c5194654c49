import { textOf } from '../chat/message-parts.ts';
import type { AlcoveError } from '../platform/errors.ts';
import type { Session } from '../session/session.ts';
import { findModel } from '../session/state/find-model.ts';
import type { ModelEntry, SessionState } from '../session/state/session-state.ts';
import { toChatMessage } from './chat-message.ts';
import { errorOf } from './error-of.ts';
import {
  AlcoveDeltaEvent,
  AlcoveMessageEvent,
  AlcoveModelChangeEvent,
  AlcoveProgressEvent,
  AlcoveReadyEvent,
  AlcoveStopEvent,
} from './events.ts';

/** Tells the host page what changes in a session, as events of the element. */
export class SessionEvents {
  readonly #target: EventTarget;
  readonly #session: Session;
  readonly #report: (error: AlcoveError) => void;
  readonly #unsubscribe: () => void;
  #before: Readonly<SessionState>;
  /** The text of the answer that was last sent. */
  #sent: { readonly messageId: string; readonly content: string } | undefined;

  constructor(target: EventTarget, session: Session, report: (error: AlcoveError) => void) {
    this.#target = target;
    this.#session = session;
    this.#report = report;
    this.#before = session.state;
    this.#unsubscribe = session.subscribe(() => this.#follow());
    if (session.state.start !== 'starting') this.#reportStart(session.state);
  }

  dispose(): void {
    this.#unsubscribe();
  }

  #follow(): void {
    const before = this.#before;
    const { state } = this.#session;
    // A listener may change the state in the middle of this.
    this.#before = state;
    if (before.start === 'starting' && state.start !== 'starting') this.#reportStart(state);
    else if (state.start === 'ready' && before.selectedModelId !== state.selectedModelId) {
      this.#send(new AlcoveModelChangeEvent(findModel(state, state.selectedModelId)?.record));
    }
    if (before.models !== state.models) this.#reportDownloads(before, state);
    if (before.engine !== state.engine) this.#reportLoad(before, state);
    if (before.chat !== state.chat || before.generation !== state.generation) this.#reportMessages(before, state);
  }

  #reportStart(state: SessionState): void {
    if (state.startError !== undefined) this.#report(state.startError);
    else this.#send(new AlcoveReadyEvent(findModel(state, state.selectedModelId)?.record));
  }

  #reportDownloads(before: SessionState, { models }: SessionState): void {
    for (const entry of models) {
      const { record, weights } = entry;
      const earlier = findModel(before, record.id)?.weights;
      if (earlier === undefined || earlier === weights) continue;
      if (weights.status === 'downloading') {
        const { download } = weights;
        if (earlier.status === 'downloading' && isSameProgress(earlier, weights)) continue;
        const { loadedBytes, totalBytes } =
          download.status === 'downloading' ? download : { loadedBytes: 0, totalBytes: undefined };
        this.#send(new AlcoveProgressEvent('download', record.id, loadedBytes, totalBytes));
      } else if (weights.status === 'stored' && earlier.status === 'downloading') {
        this.#send(new AlcoveProgressEvent('download', record.id, weights.sizeBytes, weights.sizeBytes));
      } else {
        const error = downloadError(entry);
        if (error !== undefined && earlier.status === 'downloading') this.#report(error);
      }
    }
  }

  #reportLoad(before: SessionState, { engine }: SessionState): void {
    if (engine.status === 'loading' && engine.progress !== undefined) {
      const { loadedBytes, totalBytes } = engine.progress;
      this.#send(new AlcoveProgressEvent('load', engine.modelId, loadedBytes, totalBytes));
    } else if ((engine.status === 'failed' || engine.status === 'lost') && before.generation.status === 'idle') {
      // The failure of an answer is reported with its message, not here.
      this.#report(engine.error);
    }
  }

  #reportMessages(before: SessionState, { chat, generation }: SessionState): void {
    if (chat === undefined) return;
    const was = before.generation.status === 'idle' ? undefined : before.generation.messageId;
    const is = generation.status === 'idle' ? undefined : generation.messageId;
    if (is !== undefined && is !== was) this.#reportQuestion(is, chat);
    const answer = chat.messages.get(is ?? was ?? '');
    if (answer?.role === 'assistant') this.#reportDelta(answer.id, textOf(answer));
    const ended = was === undefined || was === is ? undefined : chat.messages.get(was);
    if (ended?.role !== 'assistant') return;
    const message = toChatMessage(ended);
    this.#sent = undefined;
    this.#send(new AlcoveMessageEvent(message));
    if (message.status === 'stopped') this.#send(new AlcoveStopEvent(message));
    if (ended.error !== undefined) this.#report(errorOf(ended.error));
  }

  /** Tells the user's message when its first answer begins. */
  #reportQuestion(answerId: string, chat: NonNullable<SessionState['chat']>): void {
    const question = chat.messages.get(chat.messages.get(answerId)?.parentId ?? '');
    if (question?.role !== 'user') return;
    const answers = [...chat.messages.values()].filter(({ parentId }) => parentId === question.id);
    if (answers.length === 1) this.#send(new AlcoveMessageEvent(toChatMessage(question)));
  }

  #reportDelta(messageId: string, content: string): void {
    const sent = this.#sent?.messageId === messageId ? this.#sent.content : '';
    if (content === sent || content === '') return;
    this.#sent = { messageId, content };
    const delta = content.startsWith(sent) ? content.slice(sent.length) : content;
    this.#send(new AlcoveDeltaEvent(messageId, delta, content));
  }

  #send(event: Event): void {
    this.#target.dispatchEvent(event);
  }
}

type Downloading = Extract<ModelEntry['weights'], { status: 'downloading' }>;

function isSameProgress({ download: a }: Downloading, { download: b }: Downloading): boolean {
  return a.status === b.status && 'loadedBytes' in a && 'loadedBytes' in b && a.loadedBytes === b.loadedBytes;
}

function downloadError({ weights }: ModelEntry): AlcoveError | undefined {
  if (weights.status === 'failed') return weights.error;
  const error = weights.status === 'paused' ? weights.download.error : undefined;
  return error && errorOf(error);
}
