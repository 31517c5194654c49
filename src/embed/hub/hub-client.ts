/** The page's side of the protocol: hands a port to the hub in a frame, and says and hears through it what the types allow. */
import { AlcoveError, abortError } from '../../platform/errors.ts';
import {
  connectMessage,
  fitFill,
  fitSettings,
  type HubCall,
  type HubMessage,
  type HubSettings,
  MESSAGE_BURST,
  MESSAGES_PER_SECOND,
  type PageMessage,
  type Refusal,
  readHubMessage,
  readReply,
} from './hub-protocol.ts';
import { MessageBudget } from './message-budget.ts';

/** How long a frame may take to load, and a hub that has loaded to answer. */
const LOAD_LIMIT_MS = 60_000;
const REPLY_LIMIT_MS = 10_000;

/** What the element hears of the hub. */
export type HubNews = Exclude<HubMessage, { readonly type: 'result' | 'end' }>;

export interface HubClientOptions {
  readonly hub: URL;
  onNews(news: HubNews): void;
  /** The state has changed; with its error if it is `failed`. */
  onState(error?: AlcoveError): void;
  /** For tests. */
  readonly replyLimitMs?: number;
}

export class HubClient {
  /** `failed`: the hub cannot be reached, or does not take the page; `connect` may be tried again. */
  state: 'loading' | 'connected' | 'failed' = 'loading';
  error: AlcoveError | undefined;
  readonly #options: HubClientOptions;
  readonly #calls = new Map<number, PromiseWithResolvers<void>>();
  #connected = promiseOfPort();
  #port: MessagePort | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #settings: HubSettings = {};
  #received = newBudget();
  #sent = newBudget();
  #callCount = 0;

  constructor(options: HubClientOptions) {
    this.#options = options;
  }

  get hub(): URL {
    return this.#options.hub;
  }

  /** A frame begins to load. */
  expectFrame(): void {
    this.#restart();
    this.#limit(LOAD_LIMIT_MS, 'its frame does not load');
  }

  /**
   * The frame has loaded a document. The browser drops the message if that is of another origin than the hub, as after a
   * redirect, and for an error page.
   */
  connect(frame: Pick<Window, 'postMessage'>): void {
    this.#restart();
    const { port1, port2 } = new MessageChannel();
    const nonce = crypto.randomUUID();
    this.#port = port1;
    port1.onmessage = ({ data }: MessageEvent<unknown>) => {
      const reply = readReply(data);
      if (reply?.nonce !== nonce) this.#fail('hub-unreachable', 'it does not answer as a hub');
      else if (reply.type === 'refused') this.#refused(reply.reason);
      else this.#begin(port1);
    };
    this.#limit(this.#options.replyLimitMs ?? REPLY_LIMIT_MS, 'it does not answer');
    frame.postMessage(connectMessage(nonce), this.hub.origin, [port2]);
  }

  /** Says what the page sets, now and each time that the hub connects. */
  configure(settings: HubSettings): void {
    const fitted = fitSettings(settings);
    if (JSON.stringify(fitted) === JSON.stringify(this.#settings)) return;
    this.#settings = fitted;
    if (this.state === 'connected') this.#send({ type: 'configure', settings: fitted });
  }

  /**
   * Has the hub do something, once it is connected.
   * @throws AlcoveError why the hub is not reached, or what it reports; AbortError if the frame is removed
   */
  async call(...[call, text]: [call: Exclude<HubCall, 'fill'>] | [call: 'fill', text: string]): Promise<void> {
    await this.#connected.promise;
    // The frame has loaded another document meanwhile.
    if (this.state !== 'connected') throw abortError();
    const callId = this.#callCount++;
    const ended = Promise.withResolvers<void>();
    this.#calls.set(callId, ended);
    const message = { type: 'call', callId } as const;
    if (!this.#send(call === 'fill' ? { ...message, call, text: fitFill(text) } : { ...message, call })) {
      this.#calls.delete(callId);
      throw this.#error('hub-disconnected', 'too many calls at once', { reason: 'flood' });
    }
    return ended.promise;
  }

  /** The frame is gone, for good. */
  dispose(): void {
    this.#restart();
    this.#connected.reject(abortError());
  }

  #restart(): void {
    this.#disconnect(abortError());
    if (this.state === 'loading') return;
    this.#connected = promiseOfPort();
    this.#set('loading');
  }

  #begin(port: MessagePort): void {
    clearTimeout(this.#timer);
    this.#received = newBudget();
    this.#sent = newBudget();
    port.onmessage = ({ data }: MessageEvent<unknown>) => this.#receive(data);
    port.onmessageerror = () => this.#broken('invalid');
    this.#send({ type: 'configure', settings: this.#settings });
    this.#connected.resolve();
    this.#set('connected');
  }

  #receive(data: unknown): void {
    const message = readHubMessage(data);
    if (!this.#received.spend()) this.#broken('flood');
    else if (message === undefined) this.#broken('invalid');
    else if (message.type === 'end')
      this.#fail('hub-disconnected', `it ended the connection: ${message.reason}`, {
        reason: message.reason,
      });
    else if (message.type === 'result') this.#settle(message);
    else this.#options.onNews(message);
  }

  #settle({ callId, code }: Extract<HubMessage, { readonly type: 'result' }>): void {
    const ended = this.#calls.get(callId);
    this.#calls.delete(callId);
    if (code === undefined) ended?.resolve();
    else if (code === 'cancelled') ended?.reject(abortError());
    else ended?.reject(new AlcoveError(code, `the hub reports ${code}`));
  }

  /** @returns false if the hub would disconnect the page for one more message */
  #send(message: PageMessage): boolean {
    if (!this.#sent.spend()) return false;
    this.#port?.postMessage(message);
    return true;
  }

  #refused(reason: Refusal): void {
    if (reason === 'host') {
      this.#fail('hub-refuses-page', `its list of pages does not have ${location.origin}, or a page around it`, {
        origin: location.origin,
      });
    } else if (reason === 'version') this.#fail('hub-version-unknown', 'it speaks other versions of the protocol');
    else this.#fail('hub-unreachable', 'it is connected already');
  }

  #broken(reason: 'invalid' | 'flood'): void {
    this.#fail('hub-disconnected', `its messages are ${reason === 'flood' ? 'too many' : 'no messages'}`, { reason });
  }

  #fail(code: AlcoveError['code'], message: string, data: AlcoveError['data'] = {}): void {
    const error = this.#error(code, message, data);
    this.#disconnect(error);
    if (this.state === 'connected') this.#connected = promiseOfPort();
    this.#connected.reject(error);
    this.#set('failed', error);
  }

  #error(code: AlcoveError['code'], message: string, data: AlcoveError['data']): AlcoveError {
    return new AlcoveError(code, `${this.hub.href}: ${message}`, { data: { hub: this.hub.href, ...data } });
  }

  #set(state: HubClient['state'], error?: AlcoveError): void {
    this.state = state;
    this.error = error;
    this.#options.onState(error);
  }

  #limit(limitMs: number, message: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fail('hub-unreachable', message), limitMs);
  }

  #disconnect(reason: unknown): void {
    clearTimeout(this.#timer);
    this.#port?.close();
    this.#port = undefined;
    for (const ended of this.#calls.values()) ended.reject(reason);
    this.#calls.clear();
  }
}

function newBudget(): MessageBudget {
  return new MessageBudget(MESSAGE_BURST, MESSAGES_PER_SECOND);
}

/** Nobody may wait for it. */
function promiseOfPort(): PromiseWithResolvers<void> {
  const connected = Promise.withResolvers<void>();
  connected.promise.catch(() => {});
  return connected;
}
