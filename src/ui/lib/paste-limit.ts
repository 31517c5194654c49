/**
 * Characters of a message, at most: some 50,000 tokens, more than most models read that run in a browser. What a field
 * takes to be laid out grows with the square of its text (docs/benchmarks.md).
 */
export const LONGEST_MESSAGE = 200_000;

/** A text was put into a field that would have made it too long. The field is as it was. */
export class LongTextEvent extends Event {
  static readonly eventName = 'alcove-long-text';
  readonly text: string;

  constructor(text: string) {
    super(LongTextEvent.eventName, { bubbles: true, composed: true });
    this.text = text;
  }
}

/** For `beforeinput`: keeps out what is pasted or dropped and too long, and hands it to whoever looks after it. */
export function keepLongPasteOut(event: InputEvent): void {
  const field = event.target;
  const text = event.data ?? event.dataTransfer?.getData('text/plain') ?? '';
  if (!(field instanceof HTMLTextAreaElement)) return;
  const replaced = field.selectionEnd - field.selectionStart;
  if (text.length === 0 || field.textLength - replaced + text.length <= LONGEST_MESSAGE) return;
  event.preventDefault();
  field.dispatchEvent(new LongTextEvent(text));
}

declare global {
  interface HTMLElementEventMap {
    'alcove-long-text': LongTextEvent;
  }
}
