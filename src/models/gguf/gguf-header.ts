import { AlcoveError } from '../../platform/errors.ts';
import { ARCHITECTURES } from './architectures.ts';
import type { ByteSource } from './byte-source.ts';
import { type ProjectorFacts, projectorFacts } from './projector.ts';
import { type GgufContents, type GgufValue, readGguf } from './read-gguf.ts';
import { FILE_TYPES } from './tensor-types.ts';

/** What a GGUF's header says about its model, for the interface and the fit. */
export interface GgufHeader {
  /** `model`, or a file that needs a model: a projector for images and audio, an adapter. */
  readonly kind: 'model' | 'projector' | 'adapter' | 'imatrix';
  readonly architecture: string;
  /** The maker's name for it. */
  readonly name: string | undefined;
  readonly maker: string | undefined;
  /** In this file; of a split model only this part's. */
  readonly parameterCount: number;
  readonly quantization: string;
  /** Tokens, as in training. */
  readonly contextLength: number | undefined;
  readonly chatTemplate: string | undefined;
  readonly licence: { readonly name: string; readonly url: string | undefined } | undefined;
  /** Numbers that stand for one token. */
  readonly embeddingLength: number | undefined;
  /** Of a projector. */
  readonly projector: ProjectorFacts | undefined;
  readonly layers: number | undefined;
  readonly kvHeads: number | undefined;
  readonly headSize: number | undefined;
  /** Number of this part of a split model, from 0. */
  readonly split: { readonly index: number; readonly count: number } | undefined;
  readonly tensorCount: number;
  readonly headerBytes: number;
  /** Minimum size of the file, bytes. */
  readonly sizeBytes: number;
}

/** Longer texts for the interface are cut. */
const MOST_CHARACTERS = 200;

/** @throws AlcoveError as readGguf, and `gguf-unsupported` (data: reason `architecture` or `no-weights`) */
export async function readGgufHeader(source: ByteSource): Promise<GgufHeader> {
  const contents = await readGguf(source);
  const header = toHeader(contents);
  // Only the first part of a split model has its metadata.
  const isLaterPart = (header.split?.index ?? 0) > 0;
  if (header.kind === 'model' && !isLaterPart && !ARCHITECTURES.has(header.architecture)) {
    throw unsupported(source.name, { reason: 'architecture', architecture: header.architecture });
  }
  // The first part of a split model may have only the metadata.
  if (header.tensorCount === 0 && header.split === undefined) {
    throw unsupported(source.name, { reason: 'no-weights' });
  }
  return header;
}

function toHeader(contents: GgufContents): GgufHeader {
  const { metadata } = contents;
  const architecture = text(metadata.get('general.architecture')) ?? '';
  const of = (name: string): GgufValue | undefined => metadata.get(`${architecture}.${name}`);
  const heads = number(of('attention.head_count'));
  const embedding = number(of('embedding_length'));
  const splitCount = number(metadata.get('split.count'));
  const kind = kindOf(architecture, text(metadata.get('general.type')));
  return {
    kind,
    architecture,
    name: text(metadata.get('general.name')) ?? text(metadata.get('general.basename')),
    maker: text(metadata.get('general.organization')) ?? text(metadata.get('general.author')),
    parameterCount: contents.parameterCount,
    quantization: quantizationOf(contents),
    contextLength: number(of('context_length')),
    chatTemplate: templateOf(metadata),
    licence: licenceOf(metadata),
    embeddingLength: embedding,
    projector: kind === 'projector' ? projectorFacts(contents) : undefined,
    layers: number(of('block_count')),
    kvHeads: number(of('attention.head_count_kv')) ?? heads,
    headSize: number(of('attention.key_length')) ?? (embedding && heads ? Math.ceil(embedding / heads) : undefined),
    split:
      splitCount !== undefined && splitCount > 1
        ? { index: number(metadata.get('split.no')) ?? 0, count: splitCount }
        : undefined,
    tensorCount: contents.tensorCount,
    headerBytes: contents.headerBytes,
    sizeBytes: contents.sizeBytes,
  };
}

function kindOf(architecture: string, type: string | undefined): GgufHeader['kind'] {
  if (architecture === 'clip' || type === 'mmproj') return 'projector';
  if (type === 'imatrix') return 'imatrix';
  return type === 'adapter' ? 'adapter' : 'model';
}

/** `general.file_type` as llama.cpp reads it, whose 1024 stands for "guessed"; else the type of most weights. */
function quantizationOf({ metadata, weightsByType }: GgufContents): string {
  const fileType = metadata.get('general.file_type');
  const named = typeof fileType === 'number' ? FILE_TYPES.get(fileType & ~1024) : undefined;
  const [most] = [...weightsByType].sort(([, a], [, b]) => b - a);
  return named ?? most?.[0] ?? 'unknown';
}

/** Not cut, because the interface does not show it. */
function templateOf(metadata: GgufContents['metadata']): string | undefined {
  const template = metadata.get('tokenizer.chat_template');
  return typeof template === 'string' && template !== '' ? template : undefined;
}

function licenceOf(metadata: GgufContents['metadata']): GgufHeader['licence'] {
  const name = text(metadata.get('general.license.name')) ?? text(metadata.get('general.license'));
  if (name === undefined) return undefined;
  const link = text(metadata.get('general.license.link'));
  const url = link === undefined ? null : URL.parse(link);
  return { name, url: url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : undefined };
}

/** An integer above 0; the largest of a list with one per layer. */
function number(value: GgufValue | undefined): number | undefined {
  const largest = Array.isArray(value) ? value.reduce((most: number, item: number) => Math.max(most, item), 0) : value;
  return typeof largest === 'number' && Number.isSafeInteger(largest) && largest > 0 ? largest : undefined;
}

/** One line of plain text: a file's metadata may contain anything, also characters that reverse the text around it. */
function text(value: GgufValue | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  const line = plainLine(value).slice(0, MOST_CHARACTERS);
  return line === '' ? undefined : line;
}

/** Removes control characters, direction marks and invisible characters. */
export function plainLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function unsupported(path: string, data: Readonly<Record<string, string>>): AlcoveError {
  return new AlcoveError('gguf-unsupported', `${path}: ${JSON.stringify(data)}`, { data: { path, ...data } });
}
