import type { LitElement, ReactiveController } from 'lit';
import type { ChatView } from '../../ui/chat/chat-view.ts';
import type { Panel, PanelEvent } from '../../ui/contract/events.ts';
import type { ChatShell, StarterEvent } from './chat-shell.ts';

/**
 * Passes on to the chat view what the user did in the shell before the view was there: the text, the selection and the focus
 * of the composer, a message to send, a panel to open. Until then the view is rendered below the shell and is not visible, so
 * that one frame shows the shell and the next one the view.
 */
export class ShellController implements ReactiveController {
  readonly #host: LitElement;
  #isDone = false;
  #isHandingOver = false;
  /** A starter, or the composer's text at the time when it can be sent. */
  #message: { readonly starter?: string } | undefined;
  #panel: Panel | undefined;
  /** The text of the field that was shown last; whatever takes its place takes it. */
  draft = '';
  #composition: Promise<unknown> | undefined;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  /** The view has taken over; the shell is not needed. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** A message is sent when the view is there. */
  get hasMessage(): boolean {
    return this.#message !== undefined;
  }

  /** A panel is opened when the view is there. */
  get hasPanel(): boolean {
    return this.#panel !== undefined;
  }

  readonly onSend = (): void => {
    this.#message = {};
    this.#host.requestUpdate();
  };

  readonly onStarter = ({ text }: StarterEvent): void => {
    this.#message = { starter: text };
    this.#host.requestUpdate();
  };

  readonly onPanel = ({ panel }: PanelEvent): void => {
    this.#panel = panel;
    this.#host.requestUpdate();
  };

  /** An input method is at work: its text is in the field only once it has ended. */
  readonly onCompositionStart = (event: Event): void => {
    this.#composition = new Promise((resolve) => {
      event.target?.addEventListener('compositionend', resolve, { once: true });
    });
  };

  hostUpdate(): void {
    const field = this.#isDone ? this.#view : this.#shell?.composer;
    if (field) this.draft = field.draft;
  }

  hostUpdated(): void {
    const view = this.#view;
    const shell = this.#shell;
    if (view === null) {
      // Another model, which has to be downloaded first.
      if (this.#isDone && shell?.isGated) void shell.fill(this.draft);
      this.#isDone = false;
    } else if (shell !== null && !this.#isDone && !this.#isHandingOver) void this.#handOver(shell, view);
  }

  async #handOver(shell: ChatShell, view: ChatView): Promise<void> {
    this.#isHandingOver = true;
    await view.updateComplete;
    await view.composerReady;
    await this.#composition;
    this.#isHandingOver = false;
    if (!view.isConnected || !shell.isConnected) return;
    this.#isDone = true;
    // Before the focus, which no invisible element takes.
    view.className = '';
    view.takeOver(shell.composer);
    const message = this.#message;
    const panel = this.#panel;
    this.#message = undefined;
    this.#panel = undefined;
    if (message !== undefined) view.send(message.starter);
    if (panel !== undefined) view.open(panel);
    this.#host.requestUpdate();
  }

  get #shell(): ChatShell | null {
    return this.#host.shadowRoot?.querySelector('alcove-chat-shell') ?? null;
  }

  get #view(): ChatView | null {
    return this.#host.shadowRoot?.querySelector('alcove-chat-view') ?? null;
  }
}
