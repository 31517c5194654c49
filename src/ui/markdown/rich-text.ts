import { setReady } from './links/links.ts';

/** Headings of an answer are two levels below the page's; a document of its own starts at the top level. */
const HEADING_SHIFT = 2;

/** An answer as HTML for other programs, without buttons and classes. Word processors read its MathML. */
export function richText(container: Element): string {
  const copy = document.createElement('div');
  copy.append(...[...container.childNodes].map((node) => node.cloneNode(true)));
  for (const surplus of copy.querySelectorAll('.bar, .link-host, .limit')) surplus.remove();
  for (const formula of copy.querySelectorAll('.formula')) plainFormula(formula);
  for (const code of copy.querySelectorAll('code')) code.textContent = String(code.textContent);
  for (const box of copy.querySelectorAll('.box')) box.replaceWith(box.matches('.checked') ? '☑ ' : '☐ ');
  for (const button of copy.querySelectorAll('button')) {
    const text = String(button.textContent);
    button.replaceWith(button.matches('.note-back') ? `[${text}] ` : text);
  }
  for (const link of copy.querySelectorAll<HTMLAnchorElement>('a[data-href]:not(.asks)')) setReady(link, true);
  for (const heading of copy.querySelectorAll('h3, h4, h5, h6')) {
    const level = Number(heading.tagName.charAt(1)) - HEADING_SHIFT;
    const own = document.createElement(`h${level}`);
    own.append(...heading.childNodes);
    heading.replaceWith(own);
  }
  for (const frame of copy.querySelectorAll('.part, .table, .code')) frame.replaceWith(...frame.childNodes);
  for (const element of copy.querySelectorAll('*')) {
    if (element.namespaceURI !== copy.namespaceURI) continue;
    for (const { name } of [...element.attributes]) {
      if (!['href', 'src', 'alt', 'start', 'dir'].includes(name)) element.removeAttribute(name);
    }
  }
  return copy.innerHTML;
}

function plainFormula(formula: Element): void {
  const math = formula.querySelector('math');
  if (math === null) return;
  math.querySelector('annotation')?.remove();
  formula.replaceWith(math);
}

/** Copies the pieces of an answer as HTML and as plain text, for programs with and without formatted text. */
export async function copyRich(containers: readonly Element[], text: string): Promise<void> {
  const blob = (type: string, content: string): Blob => new Blob([content], { type });
  await navigator.clipboard.write([
    new ClipboardItem({
      'text/html': blob('text/html', containers.map(richText).join('\n')),
      'text/plain': blob('text/plain', text),
    }),
  ]);
}
