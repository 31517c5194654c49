import type { DocumentPage } from '../document-text.ts';

/** The sections of a Markdown text, each with its heading of the first or second level. */
export function sectionsOf(text: string): DocumentPage[] {
  const sections: { label: string; lines: string[] }[] = [{ label: '', lines: [] }];
  let fence = '';
  for (const line of text.split('\n')) {
    const [, mark = ''] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? [];
    if (fence === '') fence = mark;
    else if (mark.startsWith(fence)) fence = '';
    const [, heading] = fence === '' ? (/^ {0,3}#{1,2}[ \t]+(.*?)[ \t#]*$/.exec(line) ?? []) : [];
    if (heading !== undefined) sections.push({ label: heading, lines: [] });
    sections.at(-1)?.lines.push(line);
  }
  return sections
    .map(({ label, lines }) => ({ label, text: lines.join('\n').trim() }))
    .filter(({ text: section }) => section !== '');
}
