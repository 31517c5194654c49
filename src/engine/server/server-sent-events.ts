/**
 * Parses server-sent events as they arrive, and returns the data of each. Lines may end in any of the three ways and
 * be split anywhere; comments and other fields are ignored (https://html.spec.whatwg.org/#parsing-an-event-stream).
 */
export class ServerSentEvents {
  readonly #decoder = new TextDecoder();
  #rest = '';
  #data: string[] = [];

  push(bytes: Uint8Array): string[] {
    return this.#read(this.#decoder.decode(bytes, { stream: true }));
  }

  /** The data without an empty line after it at the end of the stream: some servers omit that line. */
  end(): string[] {
    return this.#read(`${this.#decoder.decode()}\n\n`);
  }

  #read(text: string): string[] {
    const whole = this.#rest + text;
    // A carriage return at the end may be the first half of a line break.
    const held = whole.endsWith('\r') ? 1 : 0;
    const lines = whole.slice(0, whole.length - held).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? '') + whole.slice(whole.length - held);
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
    return events;
  }
}
