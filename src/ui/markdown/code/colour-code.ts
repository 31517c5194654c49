import { msg } from '@lit/localize';
import { type HighlightRanges, TOKEN_KINDS } from './highlight-protocol.ts';
import { highlight } from './highlighter.ts';

/** Longer code is not coloured, and its bar says so. */
const COLOUR_LIMIT = 200_000;

/** Main-thread time for colouring per frame, in ms. */
const BUDGET_MS = 4;

let running = 0;

/** Colours a finished code block, a few pieces per frame. Its text stays the same, character for character. */
export async function colourCode(block: Element): Promise<void> {
  const code = block.querySelector('code');
  const language = /^language-([a-z]+)$/.exec(code?.className ?? '')?.[1];
  if (code === null || language === undefined || language === 'plaintext') return;
  const text = code.textContent;
  if (text.length > COLOUR_LIMIT) {
    const note = document.createElement('span');
    note.className = 'limit';
    note.textContent = msg('too long for highlighting');
    block.querySelector('.language')?.after(note);
    return;
  }
  running += 1;
  try {
    const ranges = await highlight(text, language);
    if (ranges !== undefined && code.textContent.length === text.length) await paint([...code.children], ranges);
  } finally {
    running -= 1;
  }
}

/** Whether code is being coloured anywhere on the page. */
export function isColouring(): boolean {
  return running > 0;
}

async function paint(pieces: readonly Element[], ranges: HighlightRanges): Promise<void> {
  let [next, offset, frameStart] = [0, 0, performance.now()];
  for (const piece of pieces) {
    const { textContent: text } = piece;
    const nodes: Node[] = [];
    let at = 0;
    const end = offset + text.length;
    for (; (ranges[next] ?? end) < end; next += 3) {
      const [from = 0, to = 0, kind = 0] = ranges.subarray(next, next + 3);
      const start = Math.max(from - offset, at);
      if (start > at) nodes.push(document.createTextNode(text.slice(at, start)));
      const token = document.createElement('span');
      token.className = TOKEN_KINDS[kind] ?? '';
      token.textContent = text.slice(start, to - offset);
      nodes.push(token);
      at = Math.min(to - offset, text.length);
      // The range continues in the next piece.
      if (to > end) break;
    }
    nodes.push(document.createTextNode(text.slice(at)));
    piece.replaceChildren(...nodes);
    offset = end;
    if (performance.now() - frameStart > BUDGET_MS) {
      await new Promise(requestAnimationFrame);
      frameStart = performance.now();
    }
  }
}
