import type { ReactiveControllerHost } from 'lit';
import { downloadSize } from '../models/fit/download-size.ts';
import type { ModelRecord } from '../models/model-record.ts';
import type { Session } from '../session/session.ts';
import { DownloadConsentEvent } from './download-consent-event.ts';

/** How the host page stands to the download of one model in one session. */
interface Question {
  readonly session: Session;
  readonly modelId: string;
  /** False after `preventDefault()`: the element neither offers the download nor starts it. */
  isAgreed: boolean;
}

/** Asks the host page before a download, and remembers its answer for as long as the same model is meant. */
export class DownloadConsent {
  readonly #host: ReactiveControllerHost & EventTarget;
  #question: Question | undefined;

  constructor(host: ReactiveControllerHost & EventTarget) {
    this.#host = host;
  }

  /** Undefined as long as the host was not asked. */
  answer(session: Session, record: ModelRecord): boolean | undefined {
    const question = this.#question;
    return question?.session === session && question.modelId === record.id ? question.isAgreed : undefined;
  }

  /** Asks the host. True: the reader may be offered the download, or the host has started it already. */
  ask(session: Session, record: ModelRecord): boolean {
    const question: Question = { session, modelId: record.id, isAgreed: false };
    this.#question = question;
    const event = new DownloadConsentEvent(record, downloadSize(record), () => this.#allow(question));
    if (this.#host.dispatchEvent(event)) question.isAgreed = true;
    this.#host.requestUpdate();
    return question.isAgreed;
  }

  /** The host asks about this session no more; an answer that comes late does nothing. */
  forget(): void {
    this.#question = undefined;
  }

  #allow(question: Question): void {
    if (question !== this.#question) return;
    // Should the reader cancel it, they are offered it the next time, and the host is not asked: it might start it again.
    question.isAgreed = true;
    this.#host.requestUpdate();
    // How it ends is in the session's state.
    question.session.models.download(question.modelId).catch(() => {});
  }
}
