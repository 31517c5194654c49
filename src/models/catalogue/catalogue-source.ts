import type { WeightsFormat } from '../engines/engine-profile.ts';
import { ENGINE_PROFILES } from '../engines/engine-profiles.ts';
import type { DiskFile, EngineId, ModelFile, ModelSource, UrlFile } from '../model-record.ts';
import type { CatalogueCursor } from './catalogue-cursor.ts';

/** A file's name inside its model: no leading slash, no `..`. */
export const FILE_PATH = /^(?!\/)(?!.*\.\.)[\w./-]{1,200}$/;
const GGUF_PATH = /^(?!\/)(?!.*\.\.)[\w./-]{1,200}\.gguf$/;
/** The same with `*`. */
const FILE_PATTERN = /^(?!\/)(?!.*\.\.)[\w./*-]{1,200}$/;
const REPO = /^[\w.-]+\/[\w.-]+$/;
const REVISION = /^[\w./-]{1,100}$/;
const SHA256 = /^[0-9a-f]{64}$/;

/** The file that weights of a format cannot run without: the compiled library, or the weights themselves. */
const NEEDED_FILE: Readonly<Record<WeightsFormat, RegExp>> = { mlc: /^library\.wasm$/, gguf: /\.gguf$/ };

/** The catalogue's own address, and that of its pins. */
export interface CatalogueAddresses {
  readonly baseUrl: string;
  readonly pinsUrl?: string | undefined;
}

/** Reads where the files of a variant are, and refuses a source that has nothing for its engine. */
export function readSource(item: CatalogueCursor, engine: EngineId, at: CatalogueAddresses): ModelSource {
  const kind = item.key('kind').oneOf(['files', 'huggingface', 'url', 'disk', 'server'] as const);
  const { sources, weights } = ENGINE_PROFILES[engine];
  if (!sources.includes(kind)) throw item.key('kind').refusal(`one for the engine "${engine}"`);
  if (kind === 'server') return { kind, revision: item.optional('revision', (member) => member.text(REVISION)) ?? '' };
  const revision = item.key('revision').text(REVISION);
  if (kind === 'huggingface') return readRepository(item, weights, revision, at);
  if (kind === 'url' || kind === 'disk') {
    const list = item.key('files');
    if (list.items().length === 0) throw list.refusal('a list of at least one');
    return kind === 'url'
      ? { kind, revision, files: distinct(list, (file) => readUrlFile(file, at.baseUrl)) }
      : { kind, revision, files: distinct(list, readDiskFile) };
  }
  const files = readFiles(item.key('files'), at.baseUrl);
  const needed = weights && NEEDED_FILE[weights];
  if (needed !== undefined && !files.some((file) => needed.test(file.path))) {
    throw item.key('files').refusal(`a list with a file like ${needed.source}`);
  }
  return { kind, revision, files };
}

function readRepository(
  item: CatalogueCursor,
  weights: WeightsFormat | undefined,
  revision: string,
  { baseUrl, pinsUrl }: CatalogueAddresses,
): ModelSource {
  const repo = item.key('repo').text(REPO);
  const listingSha256 = item.optional('listingSha256', (member) => member.text(SHA256));
  const pinned = {
    ...(listingSha256 === undefined ? {} : { listingSha256 }),
    ...(pinsUrl === undefined ? {} : { pinsUrl }),
  };
  if (weights === 'gguf') {
    const files = item.key('files').text(FILE_PATTERN);
    const projector = item.optional('projector', (member) => member.text(FILE_PATTERN));
    return { kind: 'huggingface', repo, revision, files, ...(projector !== undefined && { projector }), ...pinned };
  }
  const library = item.key('library');
  const sizeBytes = library.optional('sizeBytes', (member) => member.count(0));
  const sha256 = library.optional('sha256', (member) => member.text(SHA256));
  return {
    kind: 'huggingface',
    repo,
    revision,
    library: {
      url: library.key('url').url(baseUrl),
      ...(sizeBytes === undefined ? {} : { sizeBytes }),
      ...(sha256 === undefined ? {} : { sha256 }),
    },
    ...pinned,
  };
}

function readFiles(list: CatalogueCursor, baseUrl: string): readonly ModelFile[] {
  return distinct(list, (item) => ({
    path: item.key('path').text(FILE_PATH),
    url: item.key('url').url(baseUrl),
    sizeBytes: item.key('sizeBytes').count(0),
    sha256: item.key('sha256').text(SHA256),
  }));
}

function readUrlFile(item: CatalogueCursor, baseUrl: string): UrlFile {
  const sizeBytes = item.optional('sizeBytes', (member) => member.count(1));
  const sha256 = item.optional('sha256', (member) => member.text(SHA256));
  return {
    path: item.key('path').text(GGUF_PATH),
    url: item.key('url').url(baseUrl),
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    ...(sha256 === undefined ? {} : { sha256 }),
  };
}

function readDiskFile(item: CatalogueCursor): DiskFile {
  return {
    // A disk's file may be called anything; its name is only compared and shown.
    path: item.key('path').text(),
    sizeBytes: item.key('sizeBytes').count(1),
    modifiedAt: item.key('modifiedAt').count(0),
  };
}

function distinct<File extends { readonly path: string }>(
  list: CatalogueCursor,
  read: (item: CatalogueCursor) => File,
): readonly File[] {
  const paths = new Set<string>();
  return list.items().map((item) => {
    const file = read(item);
    if (paths.has(file.path)) throw item.key('path').refusal(`the only "${file.path}" of its model`);
    paths.add(file.path);
    return file;
  });
}
