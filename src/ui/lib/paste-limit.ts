/**
 * Maximum characters of a message: some 50,000 tokens, more than most models that run in a browser read. Chromium's layout of
 * a text field grows quadratically: putting in 100,000 characters of words takes 252 ms and each key 14 to 58 ms, 500,000 take
 * 2,966 and 64 to 221 ms, or 7,270 ms without a space (2-core Xeon, other programs running, 25 November 2026).
 */
export const LONGEST_MESSAGE = 200_000;

/** A text was put into a field that would have made it too long. The field is as it was. */
export class PasteRejectedEvent extends Event {
  static readonly eventName = 'alcove-paste-rejected';
  readonly text: string;

  constructor(text: string) {
    super(PasteRejectedEvent.eventName, { bubbles: true, composed: true });
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
  field.dispatchEvent(new PasteRejectedEvent(text));
}

declare global {
  interface HTMLElementEventMap {
    'alcove-paste-rejected': PasteRejectedEvent;
  }
}
