import { msg } from '@lit/localize';
import { withoutDisguise } from './address.ts';
import { languageId, languageName } from './code/languages.ts';

/** A code block that text can be appended to, without writing the existing text again. */
export interface CodeBlock {
  readonly root: HTMLElement;
  append(text: string): void;
}

/** Characters after which the next line starts a new piece; the browser lays out each piece separately. */
const PIECE_LENGTH = 4_096;
/** Most characters of a line in one piece. */
const LINE_LIMIT = 8_192;
/** Longer code wraps its lines, so that pieces out of view need no layout (`content-visibility`). */
const LONG_CODE = 32_768;

export function createCodeBlock(language: string): CodeBlock {
  const root = document.createElement('div');
  root.className = 'code';
  const bar = document.createElement('div');
  bar.className = 'bar';
  const label = document.createElement('span');
  label.className = 'language';
  label.textContent = languageName(withoutDisguise(language)) || msg('code');
  bar.append(
    label,
    barButton('wrap', msg('Wrap lines')),
    barButton('download', msg('Download')),
    barButton('copy', msg('Copy')),
  );
  const pre = document.createElement('pre');
  pre.tabIndex = 0;
  pre.dir = 'ltr';
  pre.setAttribute('role', 'group');
  pre.setAttribute('aria-label', msg('Code'));
  const code = document.createElement('code');
  const id = languageId(language);
  if (id !== undefined) code.className = `language-${id}`;
  pre.append(code);
  root.append(bar, pre);

  let piece: Text | undefined;
  let length = 0;
  const appendPiece = (text: string): void => {
    if (piece === undefined) {
      const holder = document.createElement('span');
      piece = document.createTextNode('');
      holder.append(piece);
      code.append(holder);
    }
    piece.appendData(text);
    length += text.length;
    if (length > LONG_CODE) pre.className = 'long';
  };
  return {
    root,
    append(text) {
      for (let rest = text; rest !== ''; ) {
        const held = piece?.length ?? 0;
        const lineBreak = rest.indexOf('\n', Math.max(0, PIECE_LENGTH - held));
        const end = lineBreak === -1 ? rest.length : lineBreak + 1;
        const take = Math.min(end, Math.max(1, LINE_LIMIT - held));
        appendPiece(rest.slice(0, take));
        if (piece !== undefined && (piece.length >= LINE_LIMIT || (lineBreak !== -1 && take === end)))
          piece = undefined;
        rest = rest.slice(take);
      }
    },
  };
}

function barButton(action: 'wrap' | 'download' | 'copy', word: string): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = action;
  button.textContent = word;
  if (action === 'wrap') button.setAttribute('aria-pressed', 'false');
  return button;
}

/** The code to copy, without the division into pieces. */
export function codeOf(root: Element): string {
  return root.querySelector('code')?.textContent ?? '';
}
