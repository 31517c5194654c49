import { hearTabs } from './hear-tabs.ts';

interface Envelope<Message> {
  readonly version: number;
  readonly message: Message;
}

/**
 * Messages between the tabs of one origin, which may run different builds: each message carries the version of its kind,
 * and one of another version is not read. Change the version with every change of a message or of what it carries.
 */
export class TabChannel<Message> {
  readonly #channel: BroadcastChannel;
  readonly #version: number;
  readonly #closed = new AbortController();

  /** @param channel default: one of this page's own storage */
  constructor(
    name: string,
    version: number,
    onMessage: (message: Message) => void,
    channel: BroadcastChannel = new BroadcastChannel(name),
  ) {
    this.#channel = channel;
    this.#version = version;
    const read = (data: Partial<Envelope<Message>>): void => {
      if (data.version === version && data.message !== undefined) onMessage(data.message);
    };
    hearTabs(channel, read, this.#closed.signal);
  }

  /** To the other tabs; this one does not hear it. */
  post(message: Message): void {
    this.#channel.postMessage({ version: this.#version, message } satisfies Envelope<Message>);
  }

  close(): void {
    this.#closed.abort();
    this.#channel.close();
  }
}
