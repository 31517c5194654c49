import type { LitElement, ReactiveController } from 'lit';
import type { SessionLike } from '../contract/session-like.ts';
import type { DownloadAnnouncer } from '../models/download-announcer.ts';
import type { AnswerAnnouncer } from './answer-announcer.ts';

/** Announces the answer that is being generated, in the host's live region (`role="log"`). */
export class AnnounceController implements ReactiveController {
  readonly #host: LitElement;
  readonly #session: () => SessionLike | undefined;
  #announcer: AnswerAnnouncer | undefined;
  #loading: Promise<void> | undefined;

  constructor(host: LitElement, session: () => SessionLike | undefined) {
    this.#host = host;
    this.#session = session;
    host.addController(this);
  }

  hostUpdated(): void {
    const region = this.#host.renderRoot.querySelector<HTMLElement>('[role="log"]');
    const { state } = this.#session() ?? {};
    const leafId = state?.chat?.activeLeafId;
    const last = leafId === undefined ? undefined : state?.chat?.messages.get(leafId);
    if (region === null || state === undefined || last?.role !== 'assistant') return;
    if (this.#announcer !== undefined) this.#announcer.update(last, state);
    else if (last.status === 'streaming') this.#loading ??= this.#load(region, last.id);
  }

  /** Loads the announcer with the first answer. An answer that has ended by then is announced as a whole. */
  async #load(region: HTMLElement, messageId: string): Promise<void> {
    const { AnswerAnnouncer } = await import('./answer-announcer.ts');
    this.#announcer = new AnswerAnnouncer(region, messageId);
    this.hostUpdated();
  }
}

/** Announces downloads in steps, in the host's live region (`.downloads`, `role="status"`). */
export class DownloadAnnounceController implements ReactiveController {
  readonly #host: LitElement;
  readonly #session: () => SessionLike | undefined;
  #announcer: DownloadAnnouncer | undefined;
  #loading: Promise<void> | undefined;

  constructor(host: LitElement, session: () => SessionLike | undefined) {
    this.#host = host;
    this.#session = session;
    host.addController(this);
  }

  hostUpdated(): void {
    const region = this.#host.renderRoot.querySelector<HTMLElement>('.downloads');
    const models = this.#session()?.state.models ?? [];
    if (region === null) return;
    if (this.#announcer !== undefined) this.#announcer.update(region, models);
    else if (models.some(({ weights }) => weights.status === 'downloading')) this.#loading ??= this.#load();
  }

  /** Loads the announcer with the first download. */
  async #load(): Promise<void> {
    const { DownloadAnnouncer } = await import('../models/download-announcer.ts');
    this.#announcer = new DownloadAnnouncer();
    this.hostUpdated();
  }
}
