/** The hub's side of the protocol: waits in the frame for the page around it, and hands on what that page says. */
import {
  type ConnectReply,
  type EndReason,
  HUB_VERSIONS,
  type HubMessage,
  MESSAGE_BURST,
  MESSAGES_PER_SECOND,
  type PageMessage,
  type Refusal,
  readConnect,
  readPageMessage,
} from './hub-protocol.ts';
import { MessageBudget } from './message-budget.ts';

/** After so many refusals the hub is silent. */
const MOST_REFUSALS = 10;

export interface Surroundings {
  /** The window that the messages come to. */
  readonly window: EventTarget;
  /** The window around the frame: the only one that the hub listens to. */
  readonly parent: unknown;
  /** The origins of all windows around the frame, where the browser says them: each could cover the hub. */
  readonly ancestors: readonly string[];
  allows(origin: string): boolean;
}

/** Waits for the page. Only the first valid message connects; one that is sent again, by the page or another, does not. */
export function awaitPage(
  { window, parent, ancestors, allows }: Surroundings,
  onPage: (connection: PageConnection) => void,
  onRefused: (reason: Refusal, origin: string) => void,
): void {
  let isConnected = false;
  let refusals = 0;
  const listen = (event: Event): void => {
    if (!(event instanceof MessageEvent) || event.source !== parent || event.ports.length !== 1) return;
    const [port] = event.ports;
    const message = readConnect(event.data);
    if (message === undefined || port === undefined) return;
    const { nonce, versions } = message;
    const answer = (reply: ConnectReply): void => port.postMessage(reply);
    const stranger = [event.origin, ...ancestors].find((origin) => !allows(origin));
    const version = HUB_VERSIONS.find((known) => versions.includes(known));
    const reason = isConnected ? 'connected' : stranger !== undefined ? 'host' : 'version';
    if (reason === 'version' && version !== undefined) {
      isConnected = true;
      answer({ type: 'accepted', nonce, version });
      onPage(new PageConnection(port, event.origin));
      return;
    }
    answer({ type: 'refused', nonce, reason });
    if (reason !== 'connected') onRefused(reason, stranger ?? event.origin);
    refusals += 1;
    if (refusals === MOST_REFUSALS) window.removeEventListener('message', listen);
  };
  window.addEventListener('message', listen);
}

/** The port to an allowed page. A page that sends what is no message, or too much, is not heard any more. */
export class PageConnection {
  /** Of the page; `null` for a page of no origin. */
  readonly origin: string;
  readonly #port: MessagePort;
  readonly #budget = new MessageBudget(MESSAGE_BURST, MESSAGES_PER_SECOND);

  constructor(port: MessagePort, origin: string) {
    this.#port = port;
    this.origin = origin;
  }

  /** Begins to receive. */
  start(onMessage: (message: PageMessage) => void): void {
    this.#port.onmessage = ({ data }: MessageEvent<unknown>) => {
      const message = readPageMessage(data);
      if (!this.#budget.spend()) this.#end('flood');
      else if (message === undefined) this.#end('invalid');
      else onMessage(message);
    };
    this.#port.onmessageerror = () => this.#end('invalid');
  }

  send(message: HubMessage): void {
    this.#port.postMessage(message);
  }

  #end(reason: EndReason): void {
    this.send({ type: 'end', reason });
    this.#port.close();
  }
}
