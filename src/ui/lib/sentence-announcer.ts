/** Sentences that the live region keeps; a screen reader has read the older ones. */
const KEPT = 12;

/** Greatest length of the end of a sentence, closing marks included, in characters. */
const LONGEST_END = 32;

/** Adds an answer to a live region sentence by sentence, so that a screen reader reads sentences and not tokens. */
export class SentenceAnnouncer {
  readonly #region: HTMLElement;
  #messageId = '';
  #announced = 0;
  /** Every sentence that ends before this index is announced. */
  #searchedTo = 0;

  constructor(region: HTMLElement) {
    this.#region = region;
  }

  /** Takes the whole text so far of an answer that is being generated. */
  update(messageId: string, text: string): void {
    if (messageId !== this.#messageId) {
      this.#messageId = messageId;
      this.#announced = 0;
      this.#searchedTo = 0;
    }
    const from = Math.max(this.#announced, this.#searchedTo - LONGEST_END);
    this.#searchedTo = text.length;
    this.#announce(text, endOfLastSentence(text, from) ?? this.#announced);
  }

  /** Announces the rest of an answer that was being generated; nothing for an answer that was there before. */
  finish(messageId: string, text: string): void {
    if (messageId === this.#messageId) this.#announce(text, text.length);
  }

  #announce(text: string, end: number): void {
    if (end <= this.#announced) return;
    const spoken = speakable(text.slice(this.#announced, end));
    this.#announced = end;
    this.say(spoken);
  }

  say(spoken: string): void {
    if (spoken === '') return;
    const line = document.createElement('p');
    line.textContent = spoken;
    this.#region.append(line);
    while (this.#region.childElementCount > KEPT) this.#region.firstElementChild?.remove();
  }
}

/** The index after the last sentence or line that is certainly complete. */
function endOfLastSentence(text: string, from: number): number | undefined {
  let end: number | undefined;
  for (const match of text.slice(from).matchAll(/[.!?…。！？؟](?:["'”’)\]*_]*)\s|\n/gu)) {
    end = from + match.index + match[0].length;
  }
  return end;
}

/** Removes Markdown's marks, which mean nothing when they are read aloud. */
export function speakable(text: string): string {
  return text
    .replace(/^\s*(?:```|~~~).*$/gm, '')
    .replace(/^ {0,3}\[[^\]\n]+\]:[ \t]*<?(?:https?|mailto):.*$/gm, '')
    .replace(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, '$1')
    .replace(/^[ \t]*(?:#{1,6}|>|[-*+])[ \t]+/gm, '')
    .replace(/[*_`|]+/g, '')
    .trim();
}
