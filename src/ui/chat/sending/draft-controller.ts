import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { SessionLike } from '../../contract/session-like.ts';
import type { Composer } from '../composer.ts';
import type { OutgoingMessage } from './outgoing-message.ts';

/** Saves an unsent message with its chat, queued messages before what is typed, and restores it when the chat is shown again. */
export class DraftController implements ReactiveController {
  readonly #composer: () => Composer | undefined;
  readonly #session: () => SessionLike | undefined;
  readonly #queued: () => readonly OutgoingMessage[];
  /** The chat whose draft is in the field; its id is `undefined` for a new chat. */
  #shown: { readonly session: SessionLike; readonly chatId: string | undefined } | undefined;

  /** Until the draft of the shown chat has been read, it must not be overwritten. */
  #isLoaded = false;

  /** Resolves when the draft of the shown chat is in the field. */
  shown: Promise<void> = Promise.resolve();

  constructor(
    host: ReactiveControllerHost,
    session: () => SessionLike | undefined,
    composer: () => Composer | undefined,
    queued: () => readonly OutgoingMessage[],
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
    const composer = this.#composer();
    if (!this.#isLoaded || composer === undefined) return;
    const messages: OutgoingMessage[] = [...this.#queued(), { text: composer.draft, attached: composer.attached }];
    const texts = messages.map(({ text }) => text).filter((text) => text !== '');
    const attached = messages.flatMap((message) => message.attached);
    this.#session()?.chats.drafts.write(this.#shown?.chatId, texts.join('\n\n'), attached);
  }

  /** @param typed text that the user typed before the draft was read */
  async #load(session: SessionLike, composer: Composer, chatId: string | undefined, typed = ''): Promise<void> {
    this.#isLoaded = false;
    if (typed === '') composer.draft = '';
    composer.attached = [];
    const { drafts } = session.chats;
    const draft = await drafts.read(chatId);
    const attached = await drafts.readAttached(chatId);
    if (this.#shown?.session !== session || this.#shown.chatId !== chatId) return;
    this.#isLoaded = true;
    composer.attached = attached;
    // Text that was typed meanwhile is newer.
    if (composer.draft === '') composer.draft = draft;
    else this.save();
  }
}
