import type { ReactiveControllerHost } from 'lit';
import { downloadSize } from '../models/fit/download-size.ts';
import type { ModelRecord } from '../models/model-record.ts';
import type { Session } from '../session/session.ts';
import { DownloadConsentEvent } from './download-consent-event.ts';

/** The host page's answer about the download of one model in one session. */
interface Question {
  readonly session: Session;
  readonly modelId: string;
  /** False after `preventDefault()`: the element neither offers the download nor starts it. */
  isAgreed: boolean;
}

/** Asks the host page before a download, and remembers the answer while the model stays the same. */
export class DownloadConsent {
  readonly #host: ReactiveControllerHost & EventTarget;
  #question: Question | undefined;

  constructor(host: ReactiveControllerHost & EventTarget) {
    this.#host = host;
  }

  /** Undefined while the host has not been asked. */
  answer(session: Session, record: ModelRecord): boolean | undefined {
    const question = this.#question;
    return question?.session === session && question.modelId === record.id ? question.isAgreed : undefined;
  }

  ask(session: Session, record: ModelRecord): boolean {
    const question: Question = { session, modelId: record.id, isAgreed: false };
    this.#question = question;
    const event = new DownloadConsentEvent(record, downloadSize(record), () => this.#allow(question));
    if (this.#host.dispatchEvent(event)) question.isAgreed = true;
    this.#host.requestUpdate();
    return question.isAgreed;
  }

  /** Forgets the question; a late answer does nothing. */
  forget(): void {
    this.#question = undefined;
  }

  #allow(question: Question): void {
    if (question !== this.#question) return;
    // If the user cancels, the element offers the download next time without asking the host, which could restart it.
    question.isAgreed = true;
    this.#host.requestUpdate();
    // The session's state reports how the download ends.
    question.session.models.download(question.modelId).catch(() => {});
  }
}
