import { CatalogueCursor } from './catalogue-cursor.ts';
import type { Catalogue, EngineId, ModelFile, ModelLicence, ModelRecord, ModelSource } from './model-record.ts';

/** Ids are keys of the store and parts of addresses. */
const ID = /^[\w.-]{1,120}$/;
/** A file's name inside its model: no leading slash, no `..`. */
const FILE_PATH = /^(?!\/)(?!.*\.\.)[\w./-]{1,200}$/;
const REPO = /^[\w.-]+\/[\w.-]+$/;
const REVISION = /^[\w./-]{1,100}$/;
const SHA256 = /^[0-9a-f]{64}$/;

/** The file without which an engine can do nothing: web-llm's compiled library, llama.cpp's weights. */
const NEEDED_FILE = { webllm: /^library\.wasm$/, wllama: /\.gguf$/, scripted: undefined } as const;

/**
 * Reads a catalogue from parsed JSON. All addresses in the result are absolute: what was relative is resolved against
 * `baseUrl`, the catalogue's own address. Members that this version does not know are dropped.
 *
 * Throws `catalogue-invalid`; its `data.path` names the place, as in `models[3].licence.url`.
 */
export function parseCatalogue(json: unknown, baseUrl: string): Catalogue {
  const root = new CatalogueCursor(json);
  const version = root.key('version').oneOf([1] as const);
  const list = root.key('models');
  const ids = new Set<string>();
  const models = list.items().map((item) => {
    const record = readRecord(item, baseUrl);
    if (ids.has(record.id)) throw item.key('id').refusal(`the only "${record.id}"`);
    ids.add(record.id);
    return record;
  });
  if (models.length === 0) throw list.refusal('a list of at least one model');
  return { version, models };
}

function readRecord(item: CatalogueCursor, baseUrl: string): ModelRecord {
  const engine = item.key('engine').oneOf(['webllm', 'wllama', 'scripted'] as const);
  const source = readSource(item.key('source'), baseUrl);
  checkFiles(item.key('source'), engine, source);
  const sizeBytes = readSize(item, source);
  const requiredBindingBytes = item.optional('requiredBindingBytes', (member) => member.count(1));
  const overrides = item.optional('overrides', readOverrides);
  const note = item.optional('note', (member) => member.text());
  return {
    id: item.key('id').text(ID),
    name: item.key('name').text(),
    family: item.key('family').text(),
    maker: item.key('maker').text(),
    engine,
    quantization: item.key('quantization').text(),
    parameterCount: item.key('parameterCount').count(1),
    contextWindow: item.key('contextWindow').count(1),
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    vramBytes: item.key('vramBytes').count(0),
    requiredFeatures: item
      .key('requiredFeatures')
      .items()
      .map((feature) => feature.text()),
    ...(requiredBindingBytes === undefined ? {} : { requiredBindingBytes }),
    licence: readLicence(item.key('licence'), baseUrl),
    source,
    ...(overrides === undefined ? {} : { overrides }),
    ...(note === undefined ? {} : { note }),
  };
}

function checkFiles(item: CatalogueCursor, engine: EngineId, source: ModelSource): void {
  if (source.kind === 'huggingface') {
    // A repository in MLC's format has nothing for llama.cpp.
    if (engine === 'wllama') throw item.key('kind').refusal('"files"');
    return;
  }
  const needed = NEEDED_FILE[engine];
  if (needed === undefined || source.files.some((file) => needed.test(file.path))) return;
  throw item.key('files').refusal(`a list with a file like ${needed.source}`);
}

/** Where every file is listed, the total is their sum; a total that says otherwise is refused. */
function readSize(item: CatalogueCursor, source: ModelSource): number | undefined {
  const stated = item.optional('sizeBytes', (member) => member.count(0));
  if (source.kind !== 'files') return stated;
  const sum = source.files.reduce((total, file) => total + file.sizeBytes, 0);
  if (stated !== undefined && stated !== sum) throw item.key('sizeBytes').refusal(`the sum of its files, ${sum}`);
  return sum;
}

function readLicence(item: CatalogueCursor, baseUrl: string): ModelLicence {
  return { name: item.key('name').text(), url: item.key('url').url(baseUrl) };
}

function readSource(item: CatalogueCursor, baseUrl: string): ModelSource {
  const kind = item.key('kind').oneOf(['files', 'huggingface'] as const);
  const revision = item.key('revision').text(REVISION);
  if (kind === 'files') return { kind, revision, files: readFiles(item.key('files'), baseUrl) };
  const library = item.key('library');
  const sizeBytes = library.optional('sizeBytes', (member) => member.count(0));
  const sha256 = library.optional('sha256', (member) => member.text(SHA256));
  return {
    kind,
    repo: item.key('repo').text(REPO),
    revision,
    library: {
      url: library.key('url').url(baseUrl),
      ...(sizeBytes === undefined ? {} : { sizeBytes }),
      ...(sha256 === undefined ? {} : { sha256 }),
    },
  };
}

function readFiles(list: CatalogueCursor, baseUrl: string): readonly ModelFile[] {
  const paths = new Set<string>();
  return list.items().map((item) => {
    const path = item.key('path').text(FILE_PATH);
    if (paths.has(path)) throw item.key('path').refusal(`the only "${path}" of its model`);
    paths.add(path);
    return {
      path,
      url: item.key('url').url(baseUrl),
      sizeBytes: item.key('sizeBytes').count(0),
      sha256: item.key('sha256').text(SHA256),
    };
  });
}

function readOverrides(item: CatalogueCursor): Readonly<Record<string, number | string>> {
  return Object.fromEntries(item.entries().map(([name, member]) => [name, member.numberOrText()]));
}
