/** Characters of one event. A whole answer of a large context window, with its tool calls, has fewer. */
const MOST_CHARACTERS = 8 * 1024 * 1024;

/**
 * Parses server-sent events as they arrive, and returns the data of each. Lines may end in any of the three ways and
 * be split anywhere; comments and other fields are ignored (https://html.spec.whatwg.org/#parsing-an-event-stream).
 * An event that does not end throws a RangeError: it would fill the memory.
 */
export class ServerSentEvents {
  readonly #decoder = new TextDecoder();
  readonly #mostCharacters: number;
  /** The line that has not ended, in the pieces in which it came: joined once, a long one costs no more than a short one. */
  #rest: string[] = [];
  #data: string[] = [];
  /** Characters of the event that has not ended. */
  #heldCharacters = 0;

  /** @param mostCharacters of one event; default 8 Mi */
  constructor(mostCharacters = MOST_CHARACTERS) {
    this.#mostCharacters = mostCharacters;
  }

  push(bytes: Uint8Array): string[] {
    return this.#read(this.#decoder.decode(bytes, { stream: true }));
  }

  /** The data without an empty line after it at the end of the stream: some servers omit that line. */
  end(): string[] {
    return this.#read(`${this.#decoder.decode()}\n\n`);
  }

  #read(text: string): string[] {
    this.#heldCharacters += text.length;
    const isInLine = !/[\r\n]/.test(text) && !this.#rest.at(-1)?.endsWith('\r');
    if (isInLine) {
      this.#rest.push(text);
      this.#checkSize();
      return [];
    }
    const whole = this.#rest.join('') + text;
    // A carriage return at the end may be the first half of a line break.
    const held = whole.endsWith('\r') ? 1 : 0;
    const lines = whole.slice(0, whole.length - held).split(/\r\n|\n|\r/);
    this.#rest = [(lines.pop() ?? '') + whole.slice(whole.length - held)];
    const events: string[] = [];
    for (const line of lines) {
      if (line === '') {
        if (this.#data.length > 0) events.push(this.#data.join('\n'));
        this.#data = [];
      } else if (line.startsWith('data:')) {
        this.#data.push(line.slice('data:'.length).replace(/^ /, ''));
      } else if (line.startsWith('error:')) {
        // llama.cpp's older servers.
        this.#data.push(`{"error":${line.slice('error:'.length)}}`);
      }
    }
    const restCharacters = this.#rest[0]?.length ?? 0;
    this.#heldCharacters = restCharacters + this.#data.reduce((sum, { length }) => sum + length, 0);
    this.#checkSize();
    return events;
  }

  #checkSize(): void {
    if (this.#heldCharacters > this.#mostCharacters) throw new RangeError('an event that does not end');
  }
}
