import { msg, str } from '@lit/localize';

/** The numbers of an answer's footnotes, in the order of their first references. */
export class NoteNumbers {
  readonly #numbers: Map<string, number>;

  constructor(numbers: ReadonlyMap<string, number> = new Map()) {
    this.#numbers = new Map(numbers);
  }

  numberOf(label: string): number {
    const known = this.#numbers.get(label);
    if (known !== undefined) return known;
    const number = this.#numbers.size + 1;
    this.#numbers.set(label, number);
    return number;
  }

  labels(): ReadonlyMap<number, string> {
    return new Map([...this.#numbers].map(([label, number]) => [number, label]));
  }

  /** A copy for an unfinished block, whose references may still change. */
  draft(): NoteNumbers {
    return new NoteNumbers(this.#numbers);
  }
}

/** Reference and note find each other by number: a model cannot choose an id that shadows a name the page looks up. */
export function createNoteMark(number: number): HTMLElement {
  const mark = document.createElement('sup');
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'note-mark';
  button.setAttribute('aria-label', msg(str`Footnote ${number}`));
  button.textContent = String(number);
  mark.append(button);
  return mark;
}

export function createNote(number: number, content: readonly Node[]): HTMLElement {
  const note = document.createElement('div');
  note.className = 'note';
  note.tabIndex = -1;
  const back = document.createElement('button');
  back.type = 'button';
  back.className = 'note-back';
  back.setAttribute('aria-label', msg(str`Footnote ${number}, back to the text`));
  back.textContent = String(number);
  note.append(back, ...content);
  return note;
}

/** The note of a reference, or the reference of a note. */
export function otherEnd(container: ParentNode, button: Element): HTMLElement | undefined {
  const isMark = button.className === 'note-mark';
  const ends = container.querySelectorAll<HTMLElement>(isMark ? '.note-back' : '.note-mark');
  const found = [...ends].find(({ textContent }) => textContent === button.textContent);
  return isMark ? (found?.closest<HTMLElement>('.note') ?? undefined) : found;
}

/** Turns references without a note back into text. */
export function dropLooseMarks(container: ParentNode, numbers: NoteNumbers): void {
  const noted = new Set([...container.querySelectorAll('.note-back')].map(({ textContent }) => textContent));
  const labels = numbers.labels();
  for (const button of container.querySelectorAll('.note-mark')) {
    if (noted.has(button.textContent)) continue;
    const label = labels.get(Number(button.textContent)) ?? button.textContent;
    const before = button.closest('sup');
    before?.replaceWith(document.createTextNode(`[^${label}]`));
  }
}
