import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { downloadSize } from '../models/fit/download-size.ts';
import { canRun } from '../models/fit/fit-result.ts';
import type { ModelRecord } from '../models/model-record.ts';
import type { Session } from '../session/session.ts';
import { findModel } from '../session/state/find-model.ts';
import type { ModelEntry } from '../session/state/session-state.ts';
import { ModelActionEvent, NextStepEvent } from '../ui/contract/events.ts';
import { DownloadConsentEvent } from './download-consent-event.ts';

/** The host page's answer about the download of one model in one session. */
interface Question {
  readonly session: Session;
  readonly modelId: string;
  /** False after `preventDefault()`: the element neither offers the download nor starts it. */
  isAgreed: boolean;
}

/** Asks the host page before a download, and remembers the answer while the model stays the same. */
export class DownloadConsent implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #session: () => Session | undefined;
  #question: Question | undefined;

  /** @param session that is shown, if the element asks for consent in it */
  constructor(host: ReactiveControllerHost & HTMLElement, session: () => Session | undefined) {
    this.#host = host;
    this.#session = session;
    host.addController(this);
    // Capture: before the views inside handle the event.
    host.addEventListener(ModelActionEvent.eventName, this.#onModelAction, { capture: true });
    host.addEventListener(NextStepEvent.eventName, this.#onNextStep, { capture: true });
  }

  /** Asks about the selected model, once. */
  hostUpdated(): void {
    const session = this.#session();
    const entry = session && selected(session);
    if (session?.state.start === 'ready' && entry !== undefined) this.askOnce(session, entry);
  }

  askOnce(session: Session, entry: ModelEntry): void {
    if (!canRun(entry.fit) || !isAbsent(entry)) return;
    if (this.answer(session, entry.record) === undefined) this.#ask(session, entry.record);
  }

  /** Undefined while the host has not been asked. */
  answer(session: Session, record: ModelRecord): boolean | undefined {
    const question = this.#question;
    return question?.session === session && question.modelId === record.id ? question.isAgreed : undefined;
  }

  /** Forgets the question; a late answer does nothing. */
  forget(): void {
    this.#question = undefined;
  }

  #ask(session: Session, record: ModelRecord): boolean {
    const question: Question = { session, modelId: record.id, isAgreed: false };
    this.#question = question;
    const event = new DownloadConsentEvent(record, downloadSize(record), () => this.#allow(question));
    if (this.#host.dispatchEvent(event)) question.isAgreed = true;
    this.#host.requestUpdate();
    return question.isAgreed;
  }

  #allow(question: Question): void {
    if (question !== this.#question) return;
    // If the user cancels, the element offers the download next time without asking the host, which could restart it.
    question.isAgreed = true;
    this.#host.requestUpdate();
    // The session's state reports how the download ends.
    question.session.models.download(question.modelId).catch(() => {});
  }

  /** Asks the host page before a download that the user starts with a button inside. */
  readonly #onModelAction = (event: ModelActionEvent): void => {
    const session = this.#session();
    if (event.action !== 'download' || session === undefined) return;
    const entry = findModel(session.state, event.modelId);
    if (entry !== undefined && !this.#isAgreed(session, entry)) event.preventDefault();
  };

  /** Asks the host page before a download that an error offers as the next step. */
  readonly #onNextStep = (event: NextStepEvent): void => {
    const session = this.#session();
    const entry = session && selected(session);
    if (event.step !== 'download' || session === undefined || entry === undefined) return;
    if (!this.#isAgreed(session, entry)) event.stopPropagation();
  };

  /** Whether a download that the user asked for may start; asks the host page if it has not agreed before. */
  #isAgreed(session: Session, entry: ModelEntry): boolean {
    if (!isAbsent(entry) || this.answer(session, entry.record) === true) return true;
    return this.#ask(session, entry.record);
  }
}

/** Whether nothing of the model is stored or being downloaded. */
export function isAbsent({ weights }: ModelEntry): boolean {
  return weights.status === 'absent' || weights.status === 'evicted';
}

function selected({ state }: Session): ModelEntry | undefined {
  return findModel(state, state.selectedModelId);
}
