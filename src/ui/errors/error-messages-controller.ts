import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { loadAllWords } from '../lib/locale.ts';
import type { Describable, ErrorMessage } from './error-messages.ts';

let describeLoaded: ((error: Describable) => ErrorMessage) | undefined;
let loading: Promise<void> | undefined;

/** Loads the error messages. Call it early: the error may be that there is no connection. */
export function loadErrorMessages(): Promise<void> {
  // An element that was not used shows errors too.
  loading ??= Promise.all([import('./error-messages.ts'), loadAllWords()]).then(
    ([{ describeError }]) => {
      describeLoaded = describeError;
    },
    () => {
      // The next error tries again.
      loading = undefined;
    },
  );
  return loading;
}

/** Gives its component the error messages, which load after the first view so that the entry stays small. */
export class ErrorMessagesController implements ReactiveController {
  readonly #host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {}

  /** Whether the messages are loaded, for components that render only when something has changed. */
  get isLoaded(): boolean {
    return describeLoaded !== undefined;
  }

  /** Undefined while the messages load; the component updates when they are loaded. */
  describe(error: Describable): ErrorMessage | undefined {
    if (describeLoaded !== undefined) return describeLoaded(error);
    void loadErrorMessages().then(() => {
      if (describeLoaded !== undefined) this.#host.requestUpdate();
    });
    return undefined;
  }
}
