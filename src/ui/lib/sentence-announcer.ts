/** Sentences kept in the region; a screen reader has read the older ones. */
const KEPT = 12;

/** Characters that the end of a sentence may take, closing marks and all. */
const LONGEST_END = 32;

/**
 * Puts an answer into a live region sentence by sentence: a screen reader speaks what is finished, not every token.
 */
export class SentenceAnnouncer {
  readonly #region: HTMLElement;
  #messageId = '';
  #announced = 0;
  /** No sentence ends before here that is not announced yet. */
  #searchedTo = 0;

  constructor(region: HTMLElement) {
    this.#region = region;
  }

  /** Takes the whole text so far of an answer that is being written. */
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

  /** Announces the rest of an answer that was being written; of another one nothing, it was there before. */
  finish(messageId: string, text: string): void {
    if (messageId === this.#messageId) this.#announce(text, text.length);
  }

  #announce(text: string, end: number): void {
    if (end <= this.#announced) return;
    const spoken = speakable(text.slice(this.#announced, end));
    this.#announced = end;
    this.say(spoken);
  }

  /** Announces something about the answer. */
  say(spoken: string): void {
    if (spoken === '') return;
    const line = document.createElement('p');
    line.textContent = spoken;
    this.#region.append(line);
    while (this.#region.childElementCount > KEPT) this.#region.firstElementChild?.remove();
  }
}

/** After the last sentence or line that is certain to be finished. */
function endOfLastSentence(text: string, from: number): number | undefined {
  let end: number | undefined;
  for (const match of text.slice(from).matchAll(/[.!?…。！？؟](?:["'”’)\]*_]*)\s|\n/gu)) {
    end = from + match.index + match[0].length;
  }
  return end;
}

/** Without the marks of Markdown, which say nothing when they are read aloud. */
export function speakable(text: string): string {
  return text
    .replace(/^\s*(?:```|~~~).*$/gm, '')
    .replace(/^ {0,3}\[[^\]\n]+\]:[ \t]*<?(?:https?|mailto):.*$/gm, '')
    .replace(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, '$1')
    .replace(/^[ \t]*(?:#{1,6}|>|[-*+])[ \t]+/gm, '')
    .replace(/[*_`|]+/g, '')
    .trim();
}
