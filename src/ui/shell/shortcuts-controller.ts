import type { LitElement, ReactiveController } from 'lit';
import type { CommandHost } from './command-host.ts';
import { type Command, commandOf } from './shortcuts.ts';

/** What lies over the app, such as the palette: a dialog that goes by itself. */
interface Overlay extends HTMLElement {
  readonly isOpen: boolean;
  show(): void;
  close(): void;
}

/** Listens to the keys of the whole page. What they do comes when the first of them is pressed. */
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

  /** The palette or the list of shortcuts while one is open, to be drawn inside the host. */
  get overlay(): HTMLElement | undefined {
    return this.#overlay;
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    const command = commandOf(event);
    if (command === undefined || this.#host.session === undefined) return;
    if (command === 'stop') {
      // Escape belongs to what is open first.
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
    // It gives the focus back, and says that it has gone in a later task: another may stand in its place by then.
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
