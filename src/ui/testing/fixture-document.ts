import type { Reading } from '../../chat/reading.ts';
import type { DocumentText } from '../../documents/document-text.ts';

/** The SHA-256 of a document that the fixture of a session can read. */
export const REPORT_HASH = 'd'.repeat(64);

export const REPORT: DocumentText = {
  kind: 'pdf',
  pages: [
    { label: '1', text: 'Harbour report\n\nThe harbour was opened in spring, after four years of work.' },
    {
      label: '2',
      text: 'The tide rises twice a day, at most by four metres.\n\nRed boats wait outside until the water is high enough.',
    },
    { label: '3', text: 'The lights on the pier burn from dusk to dawn.' },
  ],
};

/** What an answer has read of it: a part, or all. */
export function readingOf(isWhole: boolean): Reading {
  const pages = isWhole ? [0, 1, 2] : [1];
  return {
    documents: [{ sha256: REPORT_HASH, name: 'report.pdf', pages: 3, isWhole }],
    passages: pages.map((page, index) => {
      const { label = '', text = '' } = REPORT.pages[page] ?? {};
      const end = isWhole ? text.length : 51;
      const score = isWhole ? {} : { score: 7.35 };
      return { number: index + 1, document: 0, page, label, start: 0, end, tokens: 32, ...score };
    }),
    tokens: 120,
  };
}
