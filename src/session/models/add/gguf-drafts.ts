import type { PlanOptions } from '../../../download/http.ts';
import { urlSource } from '../../../download/url-source.ts';
import { type ByteSource, blobSource } from '../../../models/gguf/byte-source.ts';
import { groupGgufs, MOST_PARTS, partNames, readGgufName } from '../../../models/gguf/file-names.ts';
import { type GgufHeader, plainLine, readGgufHeader } from '../../../models/gguf/gguf-header.ts';
import { checkProjector } from '../../../models/gguf/projector.ts';
import { AlcoveError } from '../../../platform/errors.ts';
import type { PickedFile } from '../custom-models.ts';
import { ggufRecord, type ModelDraft } from './draft.ts';

/** Characters that are replaced in the name of a stored file. */
const UNSAFE = /[^\w.-]+/g;

/**
 * Reads a GGUF at an address, with all its parts. Their number is in the name, which the address's author chose: the first
 * part must confirm it.
 * @throws AlcoveError as readGgufHeader and planDownload
 */
export async function draftOfUrl(url: URL, options: PlanOptions): Promise<ModelDraft> {
  const file = url.pathname.split('/').at(-1) ?? '';
  const partCount = readGgufName(file)?.part?.count ?? 1;
  if (partCount > MOST_PARTS) throw new AlcoveError('gguf-invalid', `${partCount} parts`, { data: { reason: file } });
  const names = partNames(file.endsWith('.gguf') ? file : 'model.gguf');
  const urls =
    names.length === 1
      ? [url.href]
      : names.map((name) => {
          const part = new URL(url);
          part.pathname = url.pathname.slice(0, -file.length) + name;
          return part.href;
        });
  const sources = urls.map((href, index) => urlSource(names[index] ?? '', href, options));
  const headers = await readHeaders(sources, names.length);
  const sizes = sources.map(({ sizeBytes }) => sizeBytes);
  const total = sizes.every((size) => size !== undefined) ? sizes.reduce((sum, size) => sum + size, 0) : undefined;
  const files = urls.map((href, index) => {
    const sizeBytes = sizes[index];
    const path = (names[index] ?? '').replace(UNSAFE, '-').slice(-200);
    return { path, url: href, ...(sizeBytes !== undefined && { sizeBytes }) };
  });
  const name = readGgufName(names[0] ?? '');
  const facts = {
    source: { kind: 'url' as const, revision: 'url', files },
    origin: `${url.host}${url.pathname}`,
    fallbackName: plainLine(name?.stem ?? url.host).slice(0, 100),
    maker: undefined,
    quantization: name?.quantization,
    sizeBytes: total,
    licence: undefined,
    pageUrl: url.origin,
  };
  return { record: ggufRecord(facts, headers), header: headers[0], files: undefined };
}

/**
 * Reads a GGUF that the user picked or dropped, whole or in all its parts, with its projector if that is among the files.
 * @throws AlcoveError as readGgufHeader; `gguf-parts-missing`, `not-gguf` for files of more than one model,
 *   `projector-mismatch`, `gguf-unsupported` for a projector without a model
 */
export async function draftOfFiles(all: readonly PickedFile[]): Promise<ModelDraft> {
  const { picked, projector } = await apartFromProjector(all);
  const [group, ...others] = groupGgufs(picked, ({ file }) => file.name);
  const [first] = picked;
  // A file may be a GGUF whatever its name.
  const files = group?.files ?? (first === undefined ? [] : [first]);
  if (others.length > 0) {
    throw new AlcoveError('not-gguf', 'files of more than one model', { data: { path: others[0]?.stem } });
  }
  const headers = await readHeaders(files.map(({ file }) => blobSource(file.name, file)));
  const count = headers[0]?.split?.count ?? 1;
  // The first part has the metadata, and llama.cpp starts with it.
  const isInOrder = headers.every(({ split }, index) => (split?.index ?? 0) === index);
  if (count !== files.length || !isInOrder) {
    const data = { path: files[0]?.file.name, count, present: files.length };
    throw new AlcoveError('gguf-parts-missing', `${files.length} of ${count} parts`, { data });
  }
  if (projector !== undefined && headers[0] !== undefined) {
    checkProjector(projector.header.projector, headers[0], projector.picked.file.name);
  }
  const together = projector === undefined ? files : [...files, projector.picked];
  const source = {
    kind: 'disk' as const,
    revision: 'disk',
    files: together.map(({ file }) => ({
      path: file.name,
      sizeBytes: file.size,
      modifiedAt: file.lastModified,
    })),
  };
  const sizeBytes = together.reduce((sum, { file }) => sum + file.size, 0);
  const name = group?.stem ?? files[0]?.file.name ?? '';
  const facts = {
    source,
    origin: `disk-${name}-${sizeBytes}`,
    fallbackName: plainLine(name).slice(0, 100) || 'GGUF',
    maker: undefined,
    quantization: group?.quantization,
    sizeBytes,
    licence: undefined,
    pageUrl: undefined,
  };
  return { record: ggufRecord(facts, headers, projector?.header.projector), header: headers[0], files: together };
}

/** Its header tells a projector, whatever its name. One alone stays, so that it is refused by what it is. */
async function apartFromProjector(all: readonly PickedFile[]) {
  for (const picked of all.length > 1 ? all : []) {
    const header = await readGgufHeader(blobSource(picked.file.name, picked.file)).catch(() => undefined);
    if (header?.kind === 'projector')
      return { picked: all.filter((one) => one !== picked), projector: { picked, header } };
  }
  return { picked: all, projector: undefined };
}

/**
 * @param partCount number of parts that every header must have
 * @throws AlcoveError `gguf-unsupported` for a projector or an adapter
 */
async function readHeaders(sources: readonly ByteSource[], partCount?: number): Promise<readonly GgufHeader[]> {
  const headers: GgufHeader[] = [];
  for (const source of sources) {
    const header = await readGgufHeader(source);
    if (header.kind !== 'model') {
      const data = { path: source.name, reason: header.kind };
      throw new AlcoveError('gguf-unsupported', `${source.name} is no model by itself`, { data });
    }
    if (partCount !== undefined && partCount !== (header.split?.count ?? 1)) {
      throw new AlcoveError('gguf-invalid', `${source.name} is no part of ${partCount}`, {
        data: { reason: 'split.count' },
      });
    }
    headers.push(header);
  }
  return headers;
}
