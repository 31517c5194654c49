import type { ToolDecision } from '../../session/generation/tools/tool-box.ts';
import type { ToolInput } from './tool-types.ts';

/** What is about a call that a listener may want to know. */
export interface ToolCallDetails {
  readonly name: string;
  readonly arguments: ToolInput;
  readonly source: 'registered' | 'page';
  readonly needsConfirmation: boolean;
  readonly callId: string;
  readonly messageId: string;
}

/**
 * The model calls a tool, with arguments that match its schema; nothing has run yet.
 *
 * - Without a call of these methods, the user is asked if the tool wants it, and the tool runs.
 * - `preventDefault()`: the call is declined, and the model reads that.
 * - `allow()`: the tool runs without a question to the user.
 * - `respondWith(result)`: the listener has run the call itself. The tool does not run, and nobody is asked.
 */
export class AlcoveToolCallEvent extends Event {
  static readonly eventName = 'alcove-tool-call';
  /** Of the tool. */
  readonly name: string;
  readonly arguments: ToolInput;
  /** `registered` with the element, or offered by the `page` by WebMCP. */
  readonly source: 'registered' | 'page';
  /** Whether the user is asked, unless they have allowed the tool for the chat. */
  readonly needsConfirmation: boolean;
  readonly callId: string;
  /** Of the answer. */
  readonly messageId: string;
  #isAllowed = false;
  #answer: { readonly result: unknown } | undefined;

  constructor(details: ToolCallDetails) {
    super(AlcoveToolCallEvent.eventName, { bubbles: true, composed: true, cancelable: true });
    this.name = details.name;
    this.arguments = details.arguments;
    this.source = details.source;
    this.needsConfirmation = details.needsConfirmation;
    this.callId = details.callId;
    this.messageId = details.messageId;
  }

  /** Runs the tool without asking the user. @throws DOMException `InvalidStateError` after the event */
  allow(): void {
    this.#checkTime();
    this.#isAllowed = true;
  }

  /**
   * Answers the call. @param result a text, or what JSON can hold, or a promise of it
   * @throws DOMException `InvalidStateError` after the event
   */
  respondWith(result: unknown): void {
    this.#checkTime();
    this.#answer = { result };
  }

  /** Sends the event. @internal */
  static ask(target: EventTarget, details: ToolCallDetails): ToolDecision {
    const event = new AlcoveToolCallEvent(details);
    target.dispatchEvent(event);
    if (event.#answer !== undefined) return { action: 'answer', result: event.#answer.result };
    return event.defaultPrevented ? { action: 'decline' } : { action: 'run', isAllowed: event.#isAllowed };
  }

  #checkTime(): void {
    if (this.eventPhase === Event.NONE) {
      throw new DOMException('alcove-tool-call can be answered by its listeners only', 'InvalidStateError');
    }
  }
}
