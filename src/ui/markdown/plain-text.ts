/** Characters per piece. Pieces out of view need no layout, so that a very long text costs no more than a short one. */
const PIECE_LENGTH = 8_192;

/** Pieces added per frame. */
const PIECES_A_FRAME = 100;

/** Renders plain text of any length, which may grow. */
export class PlainText {
  readonly root = document.createElement('div');
  #text = '';
  #written = 0;
  #last: Text | undefined;
  #frame: number | undefined;

  constructor(parent: Node) {
    this.root.className = 'rest';
    this.root.dir = 'auto';
    parent.appendChild(this.root);
  }

  get isSettled(): boolean {
    return this.#written === this.#text.length;
  }

  /** Takes the whole text so far. @returns false, and does nothing, if it does not continue the previous text */
  update(text: string): boolean {
    if (!text.startsWith(this.#text)) return false;
    this.#text = text;
    this.#write();
    return true;
  }

  #write(): void {
    for (let pieces = 0; this.#written < this.#text.length; pieces++) {
      if (pieces === PIECES_A_FRAME) {
        this.#frame ??= requestAnimationFrame(() => {
          this.#frame = undefined;
          this.#write();
        });
        return;
      }
      this.#writePiece();
    }
  }

  #writePiece(): void {
    if (this.#last === undefined || this.#last.length >= PIECE_LENGTH) {
      const piece = document.createElement('span');
      this.#last = document.createTextNode('');
      piece.append(this.#last);
      this.root.append(piece);
    }
    let end = Math.min(this.#text.length, this.#written + PIECE_LENGTH - this.#last.length);
    if (isLowSurrogate(this.#text.charCodeAt(end))) end += 1;
    this.#last.appendData(this.#text.slice(this.#written, end));
    this.#written = end;
  }
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
