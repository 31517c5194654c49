import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { SessionLike } from '../contract/session-like.ts';
import type { Composer } from './composer.ts';

/** Saves unsent text with its chat, queued messages before what is typed, and restores it when the chat is shown again. */
export class DraftController implements ReactiveController {
  readonly #composer: () => Composer | undefined;
  readonly #session: () => SessionLike | undefined;
  readonly #queued: () => readonly string[];
  /** The chat whose draft is in the field; its id is `undefined` for a new chat. */
  #shown: { readonly session: SessionLike; readonly chatId: string | undefined } | undefined;

  /** Resolves when the draft of the shown chat is in the field. */
  shown: Promise<void> = Promise.resolve();

  constructor(
    host: ReactiveControllerHost,
    session: () => SessionLike | undefined,
    composer: () => Composer | undefined,
    queued: () => readonly string[],
  ) {
    this.#session = session;
    this.#composer = composer;
    this.#queued = queued;
    host.addController(this);
  }

  hostUpdated(): void {
    const session = this.#session();
    const composer = this.#composer();
    if (session === undefined || composer === undefined) return;
    const chatId = session.state.chat?.id;
    if (this.#shown?.session === session && this.#shown.chatId === chatId) return;
    const isFirst = this.#shown === undefined;
    this.#shown = { session, chatId };
    this.shown = this.#load(session, composer, chatId, isFirst ? composer.draft : undefined);
  }

  save(): void {
    const texts = [...this.#queued(), this.#composer()?.draft ?? ''].filter((text) => text !== '');
    this.#session()?.chats.drafts.write(this.#shown?.chatId, texts.join('\n\n'));
  }

  /** @param typed text that the user typed before the draft was read */
  async #load(session: SessionLike, composer: Composer, chatId: string | undefined, typed = ''): Promise<void> {
    if (typed === '') composer.draft = '';
    const draft = await session.chats.drafts.read(chatId);
    // Text that was typed meanwhile is newer.
    const isStill = this.#shown?.session === session && this.#shown.chatId === chatId;
    if (isStill && composer.draft === '' && draft !== '') composer.draft = draft;
  }
}
