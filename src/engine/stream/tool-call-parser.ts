import type { GenerateEvent } from '../engine.ts';
import { CALL_END, CALL_START } from '../tool-prompt.ts';
import { partialSuffixLength } from './reasoning-parser.ts';

/**
 * Separates the calls of a completion, `<tool_call>{"name": …, "arguments": …}</tool_call>`, from its text, as the
 * completion arrives. White space around a call belongs to neither.
 */
export class ToolCallParser {
  #held = '';
  #isInCall = false;
  #callCount = 0;
  /** Whether text has come since the start, or since the last call. */
  #hasText = false;

  /** How many calls are complete. */
  get callCount(): number {
    return this.#callCount;
  }

  /** Whether the completion stands inside a call. */
  get isInCall(): boolean {
    return this.#isInCall;
  }

  /** @param piece as generated; may be empty */
  push(piece: string): GenerateEvent[] {
    this.#held += piece;
    const events: GenerateEvent[] = [];
    while (this.#isInCall ? this.#readCall(events) : this.#readText(events));
    return events;
  }

  /** Ends the completion. @returns the text that was held back; a call that was cut off is none */
  end(): GenerateEvent[] {
    const held = this.#isInCall || this.#held.trim() === '' ? '' : this.#held;
    this.#held = '';
    return toText(held);
  }

  /** @returns whether another step may be possible */
  #readText(events: GenerateEvent[]): boolean {
    if (!this.#hasText) this.#held = this.#held.trimStart();
    const start = this.#held.indexOf(CALL_START);
    const end = start === -1 ? this.#held.length - partialSuffixLength(this.#held, CALL_START) : start;
    // White space at the end may be what stands before a call.
    const text = this.#held.slice(0, end).trimEnd();
    this.#hasText ||= text !== '';
    events.push(...toText(text));
    this.#held = start === -1 ? this.#held.slice(text.length) : this.#held.slice(start + CALL_START.length);
    this.#isInCall = start !== -1;
    return this.#isInCall;
  }

  #readCall(events: GenerateEvent[]): boolean {
    const end = this.#held.indexOf(CALL_END);
    if (end === -1) return false;
    events.push(...toCall(this.#held.slice(0, end)));
    this.#callCount++;
    this.#held = this.#held.slice(end + CALL_END.length);
    this.#isInCall = false;
    this.#hasText = false;
    return true;
  }
}

/** A call as the model wrote it; nothing if it is none, which constrained decoding rules out. */
export function toCall(json: string): GenerateEvent[] {
  try {
    const { name, arguments: named }: { name?: unknown; arguments?: unknown } = JSON.parse(json);
    if (typeof name !== 'string' || typeof named !== 'object') return [];
    return [{ type: 'tool-call', id: crypto.randomUUID(), name, argumentsJson: JSON.stringify(named) }];
  } catch {
    return [];
  }
}

function toText(text: string): GenerateEvent[] {
  return text === '' ? [] : [{ type: 'text-delta', text }];
}
