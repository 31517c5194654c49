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

/** The SHA-256 of a picture that the fixture of a session has, and the picture. */
export const PICTURE_HASH = 'c'.repeat(64);

export const PICTURE = new Blob(
  [
    `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480"><rect width="640" height="300" fill="#9cc4d8"/>
    <circle cx="470" cy="120" r="50" fill="#f3d27a"/><path d="M0 300h640v180H0z" fill="#2f6073"/>
    <path d="M220 320h180l-30 50H250z" fill="#b8432f"/><path d="M310 120v190h-90z" fill="#fafaf5"/></svg>`,
  ],
  { type: 'image/svg+xml' },
);

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
