import { ENGINE_IDS, ENGINE_PROFILES } from '../engines/engine-profiles.ts';
import { estimateMemoryBytes } from '../fit/memory.ts';
import {
  ABILITIES,
  type Catalogue,
  type ModelLicence,
  type ModelMemory,
  type ModelRecord,
  type ModelSource,
  PURPOSES,
} from '../model-record.ts';
import { CatalogueCursor } from './catalogue-cursor.ts';
import { type CatalogueAddresses, FILE_PATH, readSource } from './catalogue-source.ts';

/** Ids are keys of the store and parts of addresses. */
const ID = /^[\w.-]{1,120}$/;
/** As far as BCP 47 is used for languages: `pt-BR`, `zh-Hans`. */
const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;
const DATE = /^\d{4}-\d{2}(-\d{2})?$/;
const MODELS_AT_MOST = 5_000;

/** What the variants of a model have in common. */
type ModelPart = Pick<
  ModelRecord,
  | 'modelKey'
  | 'name'
  | 'family'
  | 'maker'
  | 'licence'
  | 'parameterCount'
  | 'activeParameterCount'
  | 'trainedContextWindow'
  | 'memory'
  | 'languages'
  | 'abilities'
  | 'purpose'
  | 'releasedOn'
  | 'url'
  | 'note'
  | 'noteId'
  | 'selfTest'
>;

/**
 * Reads a catalogue from parsed JSON: version 2, families of models of variants, flattened here to one record a variant;
 * or version 1, a list of records. All addresses in the result are absolute: what was relative is resolved against
 * `baseUrl`, the catalogue's own address. Members that this version does not know are dropped.
 *
 * Throws `catalogue-invalid`; its `data.path` names the place, as in `families[3].licence.url`.
 */
export function parseCatalogue(json: unknown, baseUrl: string): Catalogue {
  const root = new CatalogueCursor(json);
  const version = root.key('version').oneOf([1, 2] as const);
  const ids = new Set<string>();
  const add = (item: CatalogueCursor, record: ModelRecord): ModelRecord => {
    if (ids.has(record.id)) throw item.key('id').refusal(`the only "${record.id}"`);
    ids.add(record.id);
    if (ids.size > MODELS_AT_MOST) throw root.refusal(`at most ${MODELS_AT_MOST} models`);
    return record;
  };
  const models =
    version === 1
      ? notEmpty(root.key('models')).map((item) =>
          add(item, readVariant(item, readModel(item, {}, baseUrl), { baseUrl })),
        )
      : readFamilies(root, baseUrl, add);
  return { models };
}

function readFamilies(
  root: CatalogueCursor,
  baseUrl: string,
  add: (item: CatalogueCursor, record: ModelRecord) => ModelRecord,
): ModelRecord[] {
  const pinsUrl = root.optional('pins', (member) => member.url(baseUrl));
  const licences = new Map(
    root
      .optional('licences', (member) => member.entries())
      ?.map(([name, item]) => [name, readLicence(item, baseUrl)] as const),
  );
  const licenceOf = (item: CatalogueCursor): ModelLicence => {
    if (!item.isText()) return readLicence(item, baseUrl);
    const licence = licences.get(item.text());
    if (licence === undefined) throw item.refusal(`one of ${[...licences.keys()].join(', ')}`);
    return licence;
  };
  return notEmpty(root.key('families')).flatMap((item) => {
    const licence = item.optional('licence', licenceOf);
    const family = {
      family: item.key('name').text(),
      maker: item.key('maker').text(),
      ...(licence !== undefined && { licence }),
    };
    return notEmpty(item.key('models')).flatMap((modelItem) => {
      const model = readModel(modelItem, family, baseUrl, licenceOf);
      return notEmpty(modelItem.key('variants')).map((variant) =>
        add(variant, readVariant(variant, model, { baseUrl, pinsUrl })),
      );
    });
  });
}

function readModel(
  item: CatalogueCursor,
  family: Partial<Pick<ModelRecord, 'family' | 'maker' | 'licence'>>,
  baseUrl: string,
  licenceOf: (item: CatalogueCursor) => ModelLicence = (licence) => readLicence(licence, baseUrl),
): ModelPart {
  return {
    name: item.key('name').text(),
    family: item.optional('family', (member) => member.text()) ?? family.family ?? item.key('family').text(),
    maker: item.optional('maker', (member) => member.text()) ?? family.maker ?? item.key('maker').text(),
    licence: item.optional('licence', licenceOf) ?? family.licence ?? licenceOf(item.key('licence')),
    parameterCount: item.key('parameterCount').count(1),
    ...defined({
      modelKey: item.optional('modelKey', (member) => member.text()),
      activeParameterCount: item.optional('activeParameterCount', (member) => member.count(1)),
      trainedContextWindow: item.optional('trainedContextWindow', (member) => member.count(1)),
      memory: item.optional('memory', readMemory),
      languages: item.optional('languages', (member) => member.items().map((language) => language.text(LANGUAGE))),
      abilities: item.optional('abilities', (member) => member.items().map((ability) => ability.oneOf(ABILITIES))),
      purpose: item.optional('purpose', (member) => member.oneOf(PURPOSES)),
      releasedOn: item.optional('releasedOn', (member) => member.text(DATE)),
      url: item.optional('url', (member) => member.url(baseUrl)),
      ...readNote(item),
      selfTest: item.optional('selfTest', (member) => ({
        prompt: member.key('prompt').text(),
        expect: member.key('expect').text(),
      })),
    }),
  };
}

function readVariant(item: CatalogueCursor, whole: ModelPart, at: CatalogueAddresses): ModelRecord {
  const { note, noteId, ...model } = whole;
  const engine = item.key('engine').oneOf(ENGINE_IDS);
  const quantization = item.key('quantization').text();
  const source = readSource(item.key('source'), engine, at);
  const vramBytes = item.optional('vramBytes', (member) => member.count(0));
  const record = {
    id: item.key('id').text(ID),
    ...model,
    engine,
    quantization,
    contextWindow: item.key('contextWindow').count(1),
    requiredFeatures:
      item.optional('requiredFeatures', (member) => member.items().map((feature) => feature.text())) ??
      ENGINE_PROFILES[engine].usualFeatures(quantization),
    source,
    ...defined({
      sizeBytes: readSize(item, source),
      requiredBindingBytes: item.optional('requiredBindingBytes', (member) => member.count(1)),
      overrides: item.optional('overrides', readOverrides),
      imageTokens: item.optional('imageTokens', (member) => member.count(1)),
      modelManifest: item.optional('modelManifest', (member) => member.text(FILE_PATH)),
      ...(readNote(item) ?? { note, noteId }),
    }),
  };
  const isRemote = ENGINE_PROFILES[engine].local === undefined;
  return { ...record, vramBytes: vramBytes ?? (isRemote ? 0 : estimateMemoryBytes(record)) };
}

/** A note and its id belong together: a variant's own note has none of its model's. */
function readNote(item: CatalogueCursor): { note: string; noteId: string | undefined } | undefined {
  const note = item.optional('note', (member) => member.text());
  return note === undefined ? undefined : { note, noteId: item.optional('noteId', (member) => member.text(ID)) };
}

/** Where every file is listed, the total is their sum; a total that says otherwise is refused. */
function readSize(item: CatalogueCursor, source: ModelSource): number | undefined {
  const stated = item.optional('sizeBytes', (member) => member.count(0));
  if (source.kind !== 'files' && source.kind !== 'disk') return stated;
  const sum = source.files.reduce((total, file) => total + file.sizeBytes, 0);
  if (stated !== undefined && stated !== sum) throw item.key('sizeBytes').refusal(`the sum of its files, ${sum}`);
  return sum;
}

function readLicence(item: CatalogueCursor, baseUrl: string): ModelLicence {
  const forbids = item.optional('forbids', (member) => member.text());
  const nonCommercial = item.optional('nonCommercial', (member) => member.flag()) || undefined;
  return { name: item.key('name').text(), url: item.key('url').url(baseUrl), ...defined({ forbids, nonCommercial }) };
}

function readMemory(item: CatalogueCursor): ModelMemory {
  return {
    layers: item.key('layers').count(1),
    kvLayers: item.optional('kvLayers', (member) => member.count(0)) ?? item.key('layers').count(1),
    kvHeads: item.key('kvHeads').count(1),
    headSize: item.key('headSize').count(1),
  };
}

function readOverrides(item: CatalogueCursor): Readonly<Record<string, number | string>> {
  return Object.fromEntries(item.entries().map(([name, member]) => [name, member.numberOrText()]));
}

function notEmpty(list: CatalogueCursor): readonly CatalogueCursor[] {
  const items = list.items();
  if (items.length === 0) throw list.refusal('a list of at least one');
  return items;
}

/** The members that are there: records are compared and stored, and an absent member is not an undefined one. */
function defined<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
