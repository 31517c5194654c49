import type { LitElement, ReactiveController } from 'lit';
import type { Message } from '../../chat/conversation.ts';
import type { SessionState } from '../../session/state/session-state.ts';
import type { SessionLike } from '../contract/session-like.ts';
import type { DownloadAnnouncer } from '../models/download-announcer.ts';
import type { AnswerAnnouncer } from './answer-announcer.ts';

/** What one live region of a host tells of the session. */
export interface Announcement<Announcer> {
  /** Of the region, in the host's render root. */
  readonly region: string;
  /** Whether there is something to tell: the announcer loads now. */
  isDue(state: SessionState): boolean;
  load(region: HTMLElement, state: SessionState): Promise<Announcer>;
  update(announcer: Announcer, region: HTMLElement, state: SessionState): void;
}

/** Announces what happens in the session, in a live region of the host. What does so loads when there is something to tell. */
export class AnnounceController<Announcer> implements ReactiveController {
  readonly #host: LitElement;
  readonly #session: () => SessionLike | undefined;
  readonly #announcement: Announcement<Announcer>;
  #announcer: Announcer | undefined;
  #loading: Promise<void> | undefined;

  constructor(host: LitElement, session: () => SessionLike | undefined, announcement: Announcement<Announcer>) {
    this.#host = host;
    this.#session = session;
    this.#announcement = announcement;
    host.addController(this);
  }

  hostUpdated(): void {
    const region = this.#host.renderRoot.querySelector<HTMLElement>(this.#announcement.region);
    const { state } = this.#session() ?? {};
    if (region === null || state === undefined) return;
    if (this.#announcer !== undefined) this.#announcement.update(this.#announcer, region, state);
    else if (this.#announcement.isDue(state)) this.#loading ??= this.#load(region, state);
  }

  async #load(region: HTMLElement, state: SessionState): Promise<void> {
    this.#announcer = await this.#announcement.load(region, state);
    this.hostUpdated();
  }
}

/** The answer that is being generated. One that has ended when the announcer is there is announced as a whole. */
export const ANSWERS: Announcement<AnswerAnnouncer> = {
  region: '[role="log"]',
  isDue: (state) => lastAnswer(state)?.status === 'streaming',
  load: async (region, state) => {
    const { AnswerAnnouncer } = await import('./answer-announcer.ts');
    return new AnswerAnnouncer(region, lastAnswer(state)?.id ?? '');
  },
  update: (announcer, _, state) => {
    const answer = lastAnswer(state);
    if (answer !== undefined) announcer.update(answer, state);
  },
};

/** Downloads, in steps. */
export const DOWNLOADS: Announcement<DownloadAnnouncer> = {
  region: '.downloads',
  isDue: ({ models }) => models.some(({ weights }) => weights.status === 'downloading'),
  load: async () => new (await import('../models/download-announcer.ts')).DownloadAnnouncer(),
  update: (announcer, region, { models }) => announcer.update(region, models),
};

function lastAnswer({ chat }: SessionState): Message | undefined {
  const last = chat?.activeLeafId === undefined ? undefined : chat.messages.get(chat.activeLeafId);
  return last?.role === 'assistant' ? last : undefined;
}
