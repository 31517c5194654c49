/**
 * Maximum characters of a message: some 50,000 tokens, more than most models that run in a browser read. Chromium's layout of
 * a text field grows quadratically: putting in 100,000 characters of words takes 252 ms and each key 14 to 58 ms, 500,000 take
 * 2,966 and 64 to 221 ms, or 7,270 ms without a space (2-core Xeon, other programs running, 25 November 2026).
 */
export const MAX_MESSAGE_CHARACTERS = 200_000;

/** A paste or drop was refused because it would have made the field's text too long. The field is unchanged. */
export class PasteRejectedEvent extends Event {
  static readonly eventName = 'alcove-paste-rejected';
  readonly text: string;

  constructor(text: string) {
    super(PasteRejectedEvent.eventName, { bubbles: true, composed: true });
    this.text = text;
  }
}

/** A `beforeinput` listener: refuses a paste or drop that is too long, and sends its text in a PasteRejectedEvent. */
export function rejectLongPaste(event: InputEvent): void {
  const field = event.target;
  const text = event.data ?? event.dataTransfer?.getData('text/plain') ?? '';
  if (!(field instanceof HTMLTextAreaElement)) return;
  const replaced = field.selectionEnd - field.selectionStart;
  if (text.length === 0 || field.textLength - replaced + text.length <= MAX_MESSAGE_CHARACTERS) return;
  event.preventDefault();
  field.dispatchEvent(new PasteRejectedEvent(text));
}

declare global {
  interface HTMLElementEventMap {
    'alcove-paste-rejected': PasteRejectedEvent;
  }
}
