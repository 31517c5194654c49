import 'pdfjs-dist/legacy/build/pdf.worker.mjs';
import { getDocument, type PDFDocumentProxy, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { serveCalls } from '../../platform/worker-rpc.ts';
import { tooLarge, withDocumentErrors } from '../document-error.ts';
import { DOCUMENT_LIMITS, type DocumentPage, type DocumentText } from '../document-text.ts';
import type { PdfMethods } from '../reader-methods.ts';
import { pageText } from './pdf-text.ts';

serveCalls<PdfMethods>({ read: (file, { report }) => withDocumentErrors('pdf', () => readPdf(file, report)) });

/**
 * The text of a PDF. The worker half of pdf.js runs in this thread too: its module has registered it. Scripts of the document
 * need a sandbox that is not here; nothing is drawn, so no font and no picture is decoded.
 */
async function readPdf(file: Blob, report: (fraction: number) => void): Promise<DocumentText> {
  const loading = getDocument({
    data: new Uint8Array(await file.arrayBuffer()),
    isEvalSupported: false,
    useWasm: false,
    useWorkerFetch: false,
    useSystemFonts: false,
    disableFontFace: true,
    isOffscreenCanvasSupported: false,
    isImageDecoderSupported: false,
    enableXfa: false,
    verbosity: VerbosityLevel.ERRORS,
  });
  try {
    return await readPages(await loading.promise, report);
  } finally {
    await loading.destroy();
  }
}

async function readPages(pdf: PDFDocumentProxy, report: (fraction: number) => void): Promise<DocumentText> {
  const { numPages } = pdf;
  if (numPages > DOCUMENT_LIMITS.pages) throw tooLarge('pages');
  const labels = await pdf.getPageLabels();
  const title = await titleOf(pdf);
  const pages: DocumentPage[] = [];
  let characters = 0;
  for (let number = 1; number <= numPages; number += 1) {
    const page = await pdf.getPage(number);
    const text = pageText((await page.getTextContent()).items.flatMap((item) => ('str' in item ? item : [])));
    page.cleanup();
    characters += text.length;
    if (characters > DOCUMENT_LIMITS.characters) throw tooLarge('characters');
    pages.push({ label: labels?.[number - 1] || String(number), text });
    report(number / numPages);
  }
  return { kind: 'pdf', pages, ...(title !== undefined && { title }) };
}

async function titleOf(pdf: PDFDocumentProxy): Promise<string | undefined> {
  const { info } = await pdf.getMetadata();
  const title: unknown = 'Title' in info ? info.Title : undefined;
  return typeof title === 'string' && title.trim() !== '' ? title.trim() : undefined;
}
