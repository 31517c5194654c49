export interface PdfOptions {
  readonly title?: string;
  /** Objects of PDF's own syntax, by their numbers from 900 on. */
  readonly objects?: Readonly<Record<number, string>>;
  /** More entries of the catalog, such as `/OpenAction 900 0 R`. */
  readonly catalog?: string;
  /** More entries of each page's resources. */
  readonly resources?: string;
  /** More operators of each page. */
  readonly operators?: string;
  /** More entries of the trailer. */
  readonly trailer?: string;
}

/** A PDF with these lines on its pages, in Helvetica, which no PDF has to bring along. An empty line is a gap. */
export function pdfOf(pages: readonly (readonly string[])[], options: PdfOptions = {}): File {
  const objects = new Map<number, string>();
  const pageIds = pages.map((_, index) => 10 + index * 2);
  objects.set(1, `<< /Type /Catalog /Pages 2 0 R ${options.catalog ?? ''} >>`);
  objects.set(2, `<< /Type /Pages /Kids [${pageIds.map((id) => `${id} 0 R`).join(' ')}] /Count ${pages.length} >>`);
  objects.set(3, '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>');
  objects.set(4, `<< /Title (${options.title ?? ''}) >>`);
  for (const [index, lines] of pages.entries()) {
    const id = pageIds[index] ?? 0;
    const resources = `<< /Font << /F1 3 0 R >> ${options.resources ?? ''} >>`;
    objects.set(
      id,
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources ${resources} /Contents ${id + 1} 0 R >>`,
    );
    const shown = lines.map((line) => (line === '' ? '0 -14 Td' : `(${escaped(line)}) Tj 0 -14 Td`)).join('\n');
    const content = `${options.operators ?? ''} BT /F1 11 Tf 60 780 Td ${shown} ET`;
    objects.set(id + 1, `<< /Length ${content.length} >>\nstream\n${content}\nendstream`);
  }
  for (const [id, object] of Object.entries(options.objects ?? {})) objects.set(Number(id), object);
  let text = '%PDF-1.7\n';
  const offsets = new Map<number, number>();
  for (const [id, object] of objects) {
    offsets.set(id, text.length);
    text += `${id} 0 obj\n${object}\nendobj\n`;
  }
  const table = [...offsets].map(([id, at]) => `${id} 1\n${String(at).padStart(10, '0')} 00000 n \n`).join('');
  const size = Math.max(...objects.keys()) + 1;
  const trailer = `trailer\n<< /Size ${size} /Root 1 0 R /Info 4 0 R ${options.trailer ?? ''} >>`;
  const whole = `${text}xref\n0 1\n0000000000 65535 f \n${table}${trailer}\nstartxref\n${text.length}\n%%EOF\n`;
  return new File([Uint8Array.from(whole, (character) => character.charCodeAt(0))], 'document.pdf');
}

function escaped(line: string): string {
  return line.replace(/[\\()]/g, '\\$&');
}
