import type { LitElement, ReactiveController } from 'lit';
import type { CommandHost } from './command-host.ts';
import { type Command, commandOf } from './shortcuts.ts';

/** A dialog over the app that closes itself, such as the palette. */
interface Overlay extends HTMLElement {
  readonly isOpen: boolean;
  show(): void;
  close(): void;
}

/** Listens for the shortcuts of the whole page. Loads the commands when the first shortcut is pressed. */
export class ShortcutsController implements ReactiveController {
  readonly #host: LitElement & CommandHost;
  #overlay: Overlay | undefined;

  constructor(host: LitElement & CommandHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('keydown', this.#onKeyDown);
  }

  hostDisconnected(): void {
    removeEventListener('keydown', this.#onKeyDown);
  }

  /** The palette or the list of shortcuts while one is open; the host renders it. */
  get overlay(): HTMLElement | undefined {
    return this.#overlay;
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    const command = commandOf(event);
    if (command === undefined || this.#host.session === undefined) return;
    if (command === 'stop') {
      // Escape first closes what is open.
      const isElsewhere = event
        .composedPath()
        .some((node) => node instanceof Element && node.matches('dialog, [role="dialog"], nav, .page, input, select'));
      if (isElsewhere || this.#host.session.state.generation.status === 'idle') return;
    } else if (this.#overlay?.isOpen === true && command !== 'palette') {
      return;
    }
    event.preventDefault();
    void this.perform(command);
  };

  async perform(command: Command): Promise<void> {
    const { perform } = await import('./commands.ts');
    const overlay = perform(command, this.#host, (next) => void this.perform(next));
    if (overlay === undefined) return;
    const isShown = this.#overlay?.isOpen === true && this.#overlay.localName === overlay.localName;
    this.#show(isShown ? undefined : overlay);
  }

  #show(overlay: Overlay | undefined): void {
    // `close` returns the focus now, but its event comes in a later task: another overlay may be open by then.
    this.#overlay?.close();
    this.#overlay = overlay;
    overlay?.addEventListener('close', () => {
      if (this.#overlay === overlay) this.#show(undefined);
    });
    this.#host.requestUpdate();
    void this.#host.updateComplete.then(() => {
      if (this.#overlay === overlay) overlay?.show();
    });
  }
}
