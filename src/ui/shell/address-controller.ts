import type { LitElement, ReactiveController } from 'lit';
import type { ReadingPlace } from '../chat/conversation-view.ts';
import { type ChatAddress, formatChatAddress, readChatAddress } from './chat-address.ts';

/** What an entry of the browser's history keeps besides its URL. */
interface EntryState {
  /** What the entry was made for: going back closes it. */
  readonly layer?: 'panel' | 'nav';
  /** Where the user was reading; undefined at the end of the chat. */
  readonly place?: ReadingPlace | undefined;
}

export interface AddressHost extends LitElement {
  /** What is shown; undefined while a page is open, or a chat is being read. */
  readonly shownAddress: ChatAddress | undefined;
  readonly readingPlace: ReadingPlace | undefined;
  /** Shows what the URL names, after the user went back or forward, followed a link or loaded the page. */
  showAddress(address: ChatAddress, place: ReadingPlace | undefined): void;
  closeNav(): void;
}

/**
 * Keeps the URL and what is shown in step, so that a reload shows the same chat at the same place, and Back first closes
 * what lies over the chat. URLs of pages are plain links (pages.ts); the host listens to them itself.
 */
export class AddressController implements ReactiveController {
  readonly #host: AddressHost;
  #isGoingBack = false;

  constructor(host: AddressHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('popstate', this.#onPopState);
  }

  hostDisconnected(): void {
    removeEventListener('popstate', this.#onPopState);
  }

  /** Follows what changed by itself: a first message made a chat, a panel was opened, a chat was deleted. */
  hostUpdated(): void {
    const shown = this.#host.shownAddress;
    if (shown === undefined || this.#isGoingBack) return;
    const hash = formatChatAddress(shown);
    if (hash === currentHash()) return;
    const before = readChatAddress(location.hash);
    const isSameChat = before.chatId === shown.chatId && before.projectId === shown.projectId;
    if (isSameChat && shown.panel === undefined && entryState().layer === 'panel') this.#goBack();
    else if (isSameChat && shown.panel !== undefined) this.#push(hash, { layer: 'panel' });
    else if (before.chatId !== undefined && shown.chatId !== undefined) this.push(shown);
    else history.replaceState({}, '', urlOf(hash));
  }

  /** Shows what the URL names when the page is loaded; without a hash, what the session has. */
  showFirst(): void {
    if (currentHash() !== '') this.show();
  }

  show(): void {
    this.#host.showAddress(readChatAddress(location.hash), entryState().place);
  }

  /** The user goes to a chat, or from a page back to it. */
  push(address: ChatAddress): void {
    const hash = formatChatAddress(address);
    if (hash !== currentHash()) this.#push(hash, {});
  }

  /** The chat list opens over a narrow page. */
  openNav(): void {
    this.keepPlace();
    history.pushState({ layer: 'nav' } satisfies EntryState, '');
  }

  /** The chat list closes by itself. Where the user chose something in it, that has taken its entry. */
  closeNav(): void {
    if (entryState().layer === 'nav') this.#goBack();
  }

  /** A link to a page in the chat list takes the list's entry. */
  followLink(event: Event, hash: string): void {
    if (entryState().layer !== 'nav') return;
    event.preventDefault();
    location.replace(hash);
  }

  /** From the chat list, a page takes the list's entry. */
  goTo(hash: string): void {
    if (entryState().layer === 'nav') location.replace(hash);
    else location.hash = hash;
  }

  #push(hash: string, state: EntryState): void {
    this.keepPlace();
    // What lay over the chat is closed by this; going back shall not open it again.
    if (entryState().layer === undefined) history.pushState(state, '', urlOf(hash));
    else history.replaceState(state, '', urlOf(hash));
  }

  #goBack(): void {
    this.#isGoingBack = true;
    history.back();
  }

  /** The user has scrolled. A page that is being left could not keep the place any more. */
  keepPlace(): void {
    if (this.#host.shownAddress === undefined) return;
    const place = this.#host.readingPlace;
    if (place !== undefined || entryState().place !== undefined) history.replaceState({ ...entryState(), place }, '');
  }

  readonly #onPopState = (): void => {
    this.#isGoingBack = false;
    if (entryState().layer !== 'nav') this.#host.closeNav();
  };
}

function entryState(): EntryState {
  return (history.state ?? {}) as EntryState;
}

function currentHash(): string {
  return location.hash === '#' ? '' : location.hash;
}

/** Keeps the query, for instance of another catalogue. */
function urlOf(hash: string): string {
  return location.pathname + location.search + hash;
}
