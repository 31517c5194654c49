import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Describable, ErrorMessage } from './error-messages.ts';

let toWords: ((error: Describable) => ErrorMessage) | undefined;
let loading: Promise<void> | undefined;

/** Fetches the words. Early is better: the error may be that there is no connection. */
export function loadErrorMessages(): Promise<void> {
  loading ??= import('./error-messages.ts').then(
    ({ describeError }) => {
      toWords = describeError;
    },
    () => {
      // The next error tries again.
      loading = undefined;
    },
  );
  return loading;
}

/** Gives its component the words for errors, which are no part of what has to be here before anyone can type. */
export class ErrorMessagesController implements ReactiveController {
  readonly #host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {}

  /** For what is drawn anew only when something has changed. */
  get areHere(): boolean {
    return toWords !== undefined;
  }

  /** Undefined while the words are on their way; the component is drawn anew when they are here. */
  describe(error: Describable): ErrorMessage | undefined {
    if (toWords !== undefined) return toWords(error);
    void loadErrorMessages().then(() => {
      if (toWords !== undefined) this.#host.requestUpdate();
    });
    return undefined;
  }
}
